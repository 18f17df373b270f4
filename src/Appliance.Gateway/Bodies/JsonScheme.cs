namespace Appliance.Gateway.Bodies;

/// <summary>Whether the raw inside of a JSON text begins with <c>data:</c>, in any case and with any letters escaped. Pure.</summary>
internal static class JsonScheme
{
    public static bool IsData(ReadOnlySpan<byte> raw)
    {
        foreach (var expected in "data:"u8)
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
