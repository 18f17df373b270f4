using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Swaps;

/// <summary>Makes a foreign log line safe to show and to store (threat T-13). Pure and thread-safe.</summary>
internal static partial class SafeLine
{
    private const int LongestLine = 8192;

    /// <summary>Without terminal sequences, keeping what a carriage return last left on the line; other control and direction characters are made visible.</summary>
    public static string Clean(string raw)
    {
        var line = Terminal().Replace(raw.Length > LongestLine ? raw[..LongestLine] : raw, string.Empty).TrimEnd('\r');
        line = line[(line.LastIndexOf('\r') + 1)..];
        if (!line.Any(IsUnsafe))
        {
            return line;
        }

        var safe = new StringBuilder(line.Length + 16);
        foreach (var character in line)
        {
            _ = IsUnsafe(character) ? safe.Append($"\\u{{{(int)character:X}}}") : safe.Append(character);
        }

        return safe.ToString();
    }

    /// <summary>The last lines of what a command said, both streams.</summary>
    public static ImmutableArray<string> LastOf(ShellOutcome.Completed completed) =>
        [.. $"{completed.Output}\n{completed.Errors}".Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Clean).TakeLast(SwapTimes.KeptLogLines)];

    private static bool IsUnsafe(char character) =>
        character != '\t' && (char.IsControl(character) || char.GetUnicodeCategory(character) == System.Globalization.UnicodeCategory.Format);

    // CSI (colours, cursor) and OSC (titles, links) sequences.
    [GeneratedRegex(@"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Terminal();
}
