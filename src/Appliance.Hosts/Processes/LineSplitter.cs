using System.Text;

namespace Appliance.Hosts.Processes;

/// <summary>
/// Hands over a stream line by line. A carriage return ends a line too: progress bars repaint with it and would otherwise arrive only when
/// they are done. What a line has beyond the limit is dropped (F-43).
/// </summary>
/// <param name="onLine">Called for each line, without its end.</param>
/// <param name="turn">Held during the call, so that two streams of one process can share a receiver.</param>
internal sealed class LineSplitter(Action<string> onLine, Lock turn) : OutputSink
{
    /// <summary>What <c>IHostShell.FollowAsync</c> promises.</summary>
    private const int LineLimit = 8 * 1024;

    private readonly byte[] _line = new byte[LineLimit];
    private int _length;
    private bool _isCut;
    private bool _endedByReturn;

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                Append(bytes);
                return;
            }

            Append(bytes[..end]);
            var isSecondHalfOfCrLf = bytes[end] == '\n' && _endedByReturn && _length == 0;
            if (!isSecondHalfOfCrLf)
            {
                HandOver();
            }

            _endedByReturn = bytes[end] == '\r';
            bytes = bytes[(end + 1)..];
        }
    }

    public override void Complete()
    {
        if (_length > 0)
        {
            HandOver();
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _endedByReturn = false;
        var fits = bytes[..Math.Min(bytes.Length, LineLimit - _length)];
        fits.CopyTo(_line.AsSpan(_length));
        _length += fits.Length;
        _isCut |= fits.Length < bytes.Length;
    }

    private void HandOver()
    {
        var bytes = _line.AsSpan(0, _length);
        var text = Encoding.UTF8.GetString(_isCut ? Utf8Text.TrimCutCharacter(bytes) : bytes);
        (_length, _isCut) = (0, false);
        lock (turn)
        {
            onLine(text);
        }
    }
}
