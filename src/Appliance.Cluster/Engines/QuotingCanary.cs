using System.Collections.Immutable;
using System.Text;
using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Engines;

/// <summary>The words that are sent through a launcher to see whether they arrive, and the reading of what arrived (<c>prove-quoting.sh</c>). Pure.</summary>
internal static class QuotingCanary
{
    // The launcher looks for exactly "vllm serve" (spark-vllm-docker.md 1.8).
    private static readonly ImmutableArray<string> Head = ["vllm", "serve"];

    /// <summary>
    /// What a shell would change. The number of single quotes is odd: a shell that sees these words without quotes around them finds no end and runs none
    /// of them.
    /// </summary>
    public static ImmutableArray<string> Hostile { get; } =
    [
        .. Head, "appliance/proof", """--mm-processor-kwargs={"max_pixels": 2000000}""", "it's", "say \"hi\"", "$HOME", "${HOME}", "$(pwd)", "`pwd`", @"back\slash", @"\\", "*", "?", "[a-z]",
        "{a,b}", "~", "#", "!!", "a;b", "a|b", "a&b", "a<b", "a>b", "(x)", "%s", "a\tb", "two  blanks", " edge ", "", "é中🙂", "--last=$\"y\"",
    ];

    /// <summary>One word for each mark that is usually safe.</summary>
    public static ImmutableArray<string> Plain { get; } = [.. Head, .. QuotingProof.UsualPlainMarks.Select(mark => $"a{mark}b")];

    /// <summary>The words that each call of <c>vllm</c> received; null when the proof could not be carried out.</summary>
    public static ImmutableArray<ImmutableArray<string>>? Read(ShellOutcome.Completed answer)
    {
        var lines = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (answer is not { ExitCode: 0, IsTruncated: false } || lines is not [.., "end"])
        {
            return null;
        }

        var calls = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        foreach (var line in lines[..^1])
        {
            if (!line.StartsWith("argv ", StringComparison.Ordinal) || ReadWords(line["argv ".Length..]) is not { } words)
            {
                return null;
            }

            calls.Add(words);
        }

        return calls.ToImmutable();
    }

    /// <summary>Whether every call received the words. On several machines the launcher adds words of its own at the end.</summary>
    public static bool HaveArrived(ImmutableArray<string> sent, ImmutableArray<ImmutableArray<string>> calls, bool isCluster) =>
        !calls.IsEmpty && calls.All(words => (isCluster ? words.Take(sent.Length) : words).SequenceEqual(sent, StringComparer.Ordinal));

    /// <summary>The marks of <see cref="Plain"/> that every call received; the usual ones when nothing was seen.</summary>
    public static string PlainMarks(ImmutableArray<ImmutableArray<string>>? calls) => calls is { IsEmpty: false } seen
        ? string.Concat(QuotingProof.UsualPlainMarks.Where(mark => seen.All(words => words.Contains($"a{mark}b", StringComparer.Ordinal))))
        : QuotingProof.UsualPlainMarks;

    private static ImmutableArray<string>? ReadWords(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length == 0 || bytes[length - 1] != 0)
        {
            return null;
        }

        return [.. Encoding.UTF8.GetString(bytes, 0, length - 1).Split('\0')];
    }
}
