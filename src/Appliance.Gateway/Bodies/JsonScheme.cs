using System.Buffers;

namespace Appliance.Gateway.Bodies;

/// <summary>Whether the raw inside of a JSON text begins with a scheme, in any case and with any letters escaped. Pure.</summary>
internal static class JsonScheme
{
    /// <summary>The five characters of <c>data:</c>, each written as \uXXXX.</summary>
    private const int LongestEscaped = 30;

    public static bool IsData(ReadOnlySpan<byte> raw) => Is(raw, "data:"u8);

    public static bool IsData(in ReadOnlySequence<byte> raw) => IsData(raw.Slice(0, Math.Min(LongestEscaped, raw.Length)).ToArray());

    /// <param name="raw">The text without its quotes, or its beginning.</param>
    /// <param name="scheme">In lower case, with the colon.</param>
    public static bool Is(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> scheme)
    {
        foreach (var expected in scheme)
        {
            if (!TryTake(ref raw, out var letter) || char.ToLowerInvariant((char)letter) != expected)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The next character; false at the end and for one that cannot stand in a scheme.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> raw, out int letter)
    {
        letter = 0;
        if (raw.IsEmpty)
        {
            return false;
        }

        if (raw[0] != '\\')
        {
            letter = raw[0];
            raw = raw[1..];
            return letter < 0x80;
        }

        if (raw.Length < 6 || raw[1] != 'u' || !System.Buffers.Text.Utf8Parser.TryParse(raw.Slice(2, 4), out letter, out var used, 'x') || used != 4)
        {
            return false;
        }

        raw = raw[6..];
        return letter < 0x80;
    }
}
