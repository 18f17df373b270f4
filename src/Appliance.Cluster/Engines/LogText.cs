using System.Text.RegularExpressions;

namespace Appliance.Cluster.Engines;

/// <summary>Makes raw log lines readable: colours and progress-bar rewrites come off.</summary>
internal static partial class LogText
{
    /// <summary>The pieces of a raw line: a progress bar rewrites itself with carriage returns.</summary>
    public static IEnumerable<string> Pieces(string raw) => raw.Contains('\r') ? raw.Split('\r').Where(piece => piece.Length > 0) : [raw];

    /// <summary>Without colour codes and control characters.</summary>
    public static string Plain(string piece) => piece.Any(char.IsControl) ? Control().Replace(Escape().Replace(piece, ""), " ").Trim() : piece.Trim();

    /// <summary>Without the processes' names in front: several of them may stand there, and any of them may say the same words.</summary>
    public static string WithoutProcess(string plain) => plain.StartsWith('(') ? Process().Replace(plain, "") : plain;

    /// <summary>
    /// Whether the line comes from a process other than the first of its kind (a second GPU's worker, another machine). They go through the same phases
    /// a little earlier or later; only the first one moves the progress.
    /// </summary>
    public static bool IsFromOtherRank(string plain) => OtherRank().IsMatch(plain);

    [GeneratedRegex(@"\x1B(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1B]*(\x07|\x1B\\)?|[@-Z\\^_])|\x9B[0-9;?]*[ -/]*[@-~]", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();

    [GeneratedRegex(@"[\x00-\x1F\x7F-\x9F]+", RegexOptions.NonBacktracking)]
    private static partial Regex Control();

    [GeneratedRegex(@"^(\([A-Za-z][A-Za-z0-9_]{0,60}( pid=[0-9]{1,9}(, ip=[0-9A-Fa-f.:]{1,45})?)?\) ?)+", RegexOptions.NonBacktracking)]
    private static partial Regex Process();

    [GeneratedRegex(@"^(\([^()]{0,80}\) ?){0,3}\([A-Za-z_]+( pid=[0-9]+, ip=|[A-Za-z0-9_]*(TP|PP|DP|EP)[1-9])", RegexOptions.NonBacktracking)]
    private static partial Regex OtherRank();
}
