namespace Appliance.Gateway.Forwarding;

/// <summary>
/// Follows a server-sent stream as it goes by, in pieces of any size: whether an event has just ended, how many there were, and whether the last one was
/// the proper end. Keeps only the beginning of the current line, so lines may be of any length. Not thread-safe.
/// </summary>
internal sealed class EventStreamFollower(StreamEnd end)
{
    /// <summary>The longest beginning that means something is <c>event: response.incomplete</c>.</summary>
    private const int KeptOfLine = 32;

    private readonly byte[] _line = new byte[KeptOfLine];
    private long _lineLength;
    private bool _isAfterReturn;
    private bool _hasFields;
    private bool _isMarked;
    private bool _lastWasEnd;
    private bool _wasBlank = true;

    /// <summary>Whole events so far; comments are none.</summary>
    public int Events { get; private set; }

    /// <summary>Whether the stream stands between two events (or at its beginning).</summary>
    public bool IsAtBoundary => _lineLength == 0 && _wasBlank;

    /// <summary>Whether the proper end was the last thing said. A <c>[DONE]</c> counts without the blank line behind it; an event whose data may be cut does not.</summary>
    public bool HasEnded
    {
        get
        {
            var isInField = _lineLength > 0 && _line[0] != ':';
            return isInField ? IsDone(Line) : _hasFields ? _isMarked && !IsTyped : _lastWasEnd;
        }
    }

    /// <summary>The line ends that are missing behind the last event: a reader that keeps to the standard drops an event without its blank line. Empty between two events.</summary>
    public ReadOnlySpan<byte> MissingEnd =>
        IsAtBoundary ? default
        : _lineLength > 0 || _isAfterReturn ? "\n\n"u8 // Behind a CR, the first LF would only be the rest of its CRLF.
        : "\n"u8;

    private bool IsTyped => end is StreamEnd.ResponseEvent or StreamEnd.MessageStop;

    private ReadOnlySpan<byte> Line => _line.AsSpan(0, (int)Math.Min(_lineLength, KeptOfLine));

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var at = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            Keep(at < 0 ? bytes : bytes[..at]);
            if (at < 0)
            {
                return;
            }

            // The LF of a CRLF ends nothing more.
            var isFeed = bytes[at] == '\n';
            if (!(isFeed && _isAfterReturn))
            {
                EndLine();
            }

            _isAfterReturn = !isFeed;
            bytes = bytes[(at + 1)..];
        }
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
        {
            return;
        }

        _isAfterReturn = false;
        if (_lineLength < KeptOfLine)
        {
            var room = (int)(KeptOfLine - _lineLength);
            part[..Math.Min(room, part.Length)].CopyTo(_line.AsSpan((int)_lineLength));
        }

        _lineLength += part.Length;
    }

    private void EndLine()
    {
        _wasBlank = _lineLength == 0;
        if (!_wasBlank)
        {
            _hasFields |= _line[0] != ':';
            _isMarked |= IsDone(Line) || IsLastName(Line);
        }
        else if (_hasFields)
        {
            Events++;
            _lastWasEnd = _isMarked;
            _hasFields = false;
            _isMarked = false;
        }

        _lineLength = 0;
    }

    /// <summary>Some servers end typed streams with it as well, which is as good.</summary>
    private bool IsDone(ReadOnlySpan<byte> line) => end != StreamEnd.Unmarked && _lineLength <= KeptOfLine && Value(line, "data:"u8).TrimEnd(" "u8).SequenceEqual("[DONE]"u8);

    private bool IsLastName(ReadOnlySpan<byte> line)
    {
        var name = IsTyped ? Value(line, "event:"u8).TrimEnd(" "u8) : default;
        return end switch
        {
            StreamEnd.ResponseEvent => name.SequenceEqual("response.completed"u8) || name.SequenceEqual("response.incomplete"u8) || name.SequenceEqual("response.failed"u8)
                || name.SequenceEqual("response.cancelled"u8) || name.SequenceEqual("error"u8),
            StreamEnd.MessageStop => name.SequenceEqual("message_stop"u8) || name.SequenceEqual("error"u8),
            _ => false,
        };
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> field) =>
        !line.StartsWith(field) ? default
        : line.Length > field.Length && line[field.Length] == ' ' ? line[(field.Length + 1)..]
        : line[field.Length..];
}
