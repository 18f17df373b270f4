using System.Text;

namespace Appliance.Hosts.Ssh;

/// <summary>The one place that turns words into shell text (T-01).</summary>
internal static class ShellWords
{
    /// <summary>
    /// One POSIX-shell word that means exactly <paramref name="word"/>: between single quotes nothing is special but the quote itself.
    /// NUL and lone surrogates are refused, because neither survives the way to a program (reliability.md 0.1 c).
    /// </summary>
    public static string Quote(string word)
    {
        RequireTransportable(word);
        return $"'{word.Replace("'", @"'\''")}'";
    }

    /// <summary>The words, quoted and separated by spaces.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static void RequireTransportable(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Contains('\0'))
        {
            throw new ArgumentException("A command word must not hold a NUL character.", nameof(word));
        }

        for (var rest = word.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                throw new ArgumentException("A command word must not hold half a surrogate pair.", nameof(word));
            }

            rest = rest[used..];
        }
    }
}
