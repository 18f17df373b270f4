using System.Text.RegularExpressions;

namespace Appliance.Cluster.Engines;

/// <summary>Makes raw log lines readable: colours, progress-bar rewrites and process prefixes come off.</summary>
internal static partial class LogText
{
    /// <summary>The pieces of a raw line: a progress bar rewrites itself with carriage returns.</summary>
    public static IEnumerable<string> Pieces(string raw) => raw.Contains('\r') ? raw.Split('\r').Where(piece => piece.Length > 0) : [raw];

    /// <summary>Without colour codes and control characters.</summary>
    public static string Plain(string piece) => piece.Any(char.IsControl) ? Control().Replace(Escape().Replace(piece, ""), " ").Trim() : piece.Trim();

    /// <summary>Without what stands before the message: <c>(EngineCore pid=112) ERROR 11-21 07:42:05 [core.py:936] </c>, in any of its forms.</summary>
    public static string Message(string plain) => Prefix().Replace(plain, "").Trim();

    /// <summary>
    /// Whether the line comes from a process other than the first of its kind (a second GPU's worker, another machine). They go through the same phases
    /// a little earlier or later; only the first one moves the progress.
    /// </summary>
    public static bool IsFromOtherRank(string plain) => OtherRank().IsMatch(plain);

    [GeneratedRegex(@"\x1B(\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();

    [GeneratedRegex(@"[\x00-\x1F\x7F-\x9F]+", RegexOptions.NonBacktracking)]
    private static partial Regex Control();

    [GeneratedRegex(@"^(\([A-Za-z_][A-Za-z0-9_ ]*( pid=[0-9]+)?(, ip=[0-9a-fA-F.:]+)?\) ?)*((DEBUG|INFO|WARNING|ERROR|CRITICAL) [0-9]{2}-[0-9]{2} [0-9:.]{8,15} (\[[^\]]{1,120}\] ?)?)?", RegexOptions.NonBacktracking)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^\(?[A-Za-z_]*Worker[A-Za-z_]*(_(TP|PP|DP|EP)[1-9][0-9]*|[A-Za-z0-9_]*[ (][^)]*ip=)|^\([A-Za-z]+ pid=[0-9]+, ip=", RegexOptions.NonBacktracking)]
    private static partial Regex OtherRank();
}
