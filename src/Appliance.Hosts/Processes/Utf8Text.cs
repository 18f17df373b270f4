namespace Appliance.Hosts.Processes;

/// <summary>Cutting UTF-8 at a byte limit.</summary>
internal static class Utf8Text
{
    /// <summary>Removes a character at the end that the limit cut in two, so that no U+FFFD appears which the host never sent.</summary>
    public static ReadOnlySpan<byte> TrimCutCharacter(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var lead = bytes[^back];
            if ((lead & 0xC0) == 0x80)
            {
                continue;
            }

            var length = lead switch
            {
                >= 0xF0 => 4,
                >= 0xE0 => 3,
                >= 0xC0 => 2,
                _ => 1,
            };
            return length > back ? bytes[..^back] : bytes;
        }

        return bytes;
    }
}
