namespace Appliance.Gateway.Forwarding;

/// <summary>The last bytes of a stream: enough to know whether an event has just ended, and whether it was the last one.</summary>
internal sealed class StreamTail
{
    private const int Size = 24;

    private readonly byte[] _bytes = new byte[Size];
    private int _length;

    /// <summary>Whether the stream stands between two events (or at its beginning).</summary>
    public bool IsAtBoundary => _length == 0 || Bytes.EndsWith("\n\n"u8) || Bytes.EndsWith("\r\n\r\n"u8) || Bytes.EndsWith("\r\r"u8);

    /// <summary>Whether <c>data: [DONE]</c> was the last thing said.</summary>
    public bool IsDone
    {
        get
        {
            var text = Bytes.TrimEnd("\r\n "u8);
            return text.EndsWith("data: [DONE]"u8) || text.EndsWith("data:[DONE]"u8);
        }
    }

    private ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= Size)
        {
            bytes[^Size..].CopyTo(_bytes);
            _length = Size;
            return;
        }

        var kept = Math.Min(_length, Size - bytes.Length);
        _bytes.AsSpan(_length - kept, kept).CopyTo(_bytes);
        bytes.CopyTo(_bytes.AsSpan(kept));
        _length = kept + bytes.Length;
    }
}
