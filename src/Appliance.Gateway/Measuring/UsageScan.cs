using System.Buffers.Text;

namespace Appliance.Gateway.Measuring;

/// <summary>
/// Finds the token counts of an answer while its bytes pass, whole JSON or events: OpenAI's <c>prompt_tokens</c> and <c>completion_tokens</c>, the
/// <c>input_tokens</c> and <c>output_tokens</c> of responses and messages. Only an unescaped key followed by a number counts, so a text that speaks of
/// tokens does not; the last number wins, because streams count up. Keeps at most <see cref="Longest"/> bytes, and those only until the next piece.
/// </summary>
internal sealed class UsageScan
{
    /// <summary>A key, a colon with some space, and a number of 19 digits: what a count can be cut into between two pieces.</summary>
    private const int Longest = 64;

    private readonly byte[] _carry = new byte[Longest];
    private int _carried;

    /// <summary>Tokens read; null while unknown.</summary>
    public long? TokensIn { get; private set; }

    /// <summary>Tokens written; null while unknown.</summary>
    public long? TokensOut { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_carried > 0)
        {
            // The seam: the end of the last piece with the beginning of this one.
            Span<byte> seam = stackalloc byte[2 * Longest];
            var taken = Math.Min(bytes.Length, Longest);
            _carry.AsSpan(0, _carried).CopyTo(seam);
            bytes[..taken].CopyTo(seam[_carried..]);
            Search(seam[..(_carried + taken)]);
        }

        Search(bytes);
        Carry(bytes);
    }

    /// <summary>The end of the answer: a number that nothing followed is whole now.</summary>
    public void End()
    {
        Span<byte> rest = stackalloc byte[Longest + 1];
        _carry.AsSpan(0, _carried).CopyTo(rest);
        rest[_carried] = (byte)'}';
        Search(rest[..(_carried + 1)]);
        _carried = 0;
    }

    private void Search(ReadOnlySpan<byte> bytes)
    {
        var ending = "_tokens\""u8;
        while (true)
        {
            var at = bytes.IndexOf(ending);
            if (at < 0)
            {
                return;
            }

            var after = bytes[(at + ending.Length)..];
            if (FindNumber(after) is { } count)
            {
                Note(bytes[..at], count);
            }

            bytes = after;
        }
    }

    private void Note(ReadOnlySpan<byte> before, long count)
    {
        if (before.EndsWith("\"prompt"u8) || before.EndsWith("\"input"u8))
        {
            TokensIn = count;
        }
        else if (before.EndsWith("\"completion"u8) || before.EndsWith("\"output"u8))
        {
            TokensOut = count;
        }
    }

    /// <summary>The number after a key, when something follows it: its digits could go on in the next piece.</summary>
    private static long? FindNumber(ReadOnlySpan<byte> after)
    {
        var rest = after.TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty || rest[0] != ':')
        {
            return null;
        }

        rest = rest[1..].TrimStart(" \t\r\n"u8);
        return Utf8Parser.TryParse(rest, out long count, out var length) && length < rest.Length && rest[0] is >= (byte)'0' and <= (byte)'9' ? count : null;
    }

    private void Carry(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= Longest)
        {
            bytes[^Longest..].CopyTo(_carry);
            _carried = Longest;
            return;
        }

        var kept = Math.Min(_carried, Longest - bytes.Length);
        _carry.AsSpan(_carried - kept, kept).CopyTo(_carry);
        bytes.CopyTo(_carry.AsSpan(kept));
        _carried = kept + bytes.Length;
    }
}
