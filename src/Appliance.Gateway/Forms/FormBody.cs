using System.Text;
using Appliance.Gateway.Bodies;

namespace Appliance.Gateway.Forms;

/// <summary>
/// A multipart form on its way: only its beginning is looked at before an upstream is chosen, the rest is checked while it passes. The name of the model is
/// exchanged wherever it stands; nothing else is changed. Not thread-safe.
/// </summary>
internal sealed class FormBody(Stream source, byte[] boundary, long? announced) : OutgoingBody
{
    /// <summary>Programs that put the model before the file have it within the first kilobyte.</summary>
    private const int LongestHead = 16 * 1024;

    /// <summary>Holds the longest headers of a part, and makes the copies large enough.</summary>
    private const int BufferSize = 32 * 1024;

    /// <summary>See <see cref="BodyScanner"/>.</summary>
    private const int LongestModelName = 512;

    private readonly FormScanner _scanner = new(boundary);
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Queue<ReadOnlyMemory<byte>> _ready = new();
    private ReadOnlyMemory<byte> _out;
    private int _start;
    private int _end;
    private bool _sourceEnded;
    private int _modelStart = -1;
    private int _modelLength;
    private byte[]? _replacement;

    /// <summary>The model that the form asks for; null when it names none, or names it only behind the file.</summary>
    public string? Model { get; private set; }

    public override long? TotalLength => LengthIsUnknown ? null : announced + (_replacement is { } name && _scanner.ModelIsOver ? name.Length - _modelLength : 0);

    /// <summary>A model that is still to come makes it so, whether one comes or not.</summary>
    private bool LengthIsUnknown => _replacement is not null && !_scanner.ModelIsOver && !_sourceEnded;

    /// <summary>Reads on until the model is known, or the beginning is over. Throws <see cref="BadFormException"/>.</summary>
    public async Task ReadHeadAsync(CancellationToken cancellationToken)
    {
        while (!_scanner.ModelIsOver)
        {
            switch (_scanner.Next(_buffer.AsSpan(_start, _end - _start), _sourceEnded, out var length))
            {
                case FormToken.More when _end >= LongestHead:
                case FormToken.End:
                    return;
                case FormToken.More:
                    await FillAsync(cancellationToken);
                    break;
                case FormToken.ModelBegins:
                    _modelStart = _start;
                    break;
                case FormToken.Model:
                    _modelLength += length;
                    break;
                default:
                    break;
            }

            _start += length;
        }

        Model = _modelLength <= LongestModelName ? Encoding.UTF8.GetString(_buffer, _modelStart, _modelLength) : throw new BadFormException("'model' must be the name of a model.");
    }

    /// <summary>From now on it is read; a model that it names becomes this one. Empty leaves it as it is.</summary>
    public void SendAs(string servedName)
    {
        var isKnown = _scanner.ModelIsOver;
        if (servedName.Length > 0 && servedName != Model)
        {
            _replacement = Encoding.UTF8.GetBytes(servedName);
        }

        var head = _buffer.AsMemory(0, _start);
        if (_modelStart < 0 || _replacement is null)
        {
            _ready.Enqueue(head);
            return;
        }

        _ready.Enqueue(head[.._modelStart]);
        _ready.Enqueue(_replacement);
        _ready.Enqueue(head[(isKnown ? _modelStart + _modelLength : _start)..]);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        WasRead = true;
        while (true)
        {
            if (!_out.IsEmpty)
            {
                var count = Math.Min(_out.Length, buffer.Length);
                _out[..count].CopyTo(buffer);
                _out = _out[count..];
                return count;
            }

            if (_ready.TryDequeue(out _out))
            {
                continue;
            }

            var token = _scanner.Next(_buffer.AsSpan(_start, _end - _start), _sourceEnded, out var length);
            switch (token)
            {
                case FormToken.End:
                    return 0;
                case FormToken.More:
                    await FillAsync(cancellationToken);
                    break;
                case FormToken.ModelBegins:
                    _out = _replacement;
                    break;
                case FormToken.Model when _replacement is not null:
                    break;
                default:
                    _out = _buffer.AsMemory(_start, length);
                    break;
            }

            _start += length;
        }
    }

    /// <summary>Only while nothing of the buffer waits to go out: the bytes that were not taken move to its front, once there is a front.</summary>
    private async Task FillAsync(CancellationToken cancellationToken)
    {
        if (WasRead && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        var read = await source.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _sourceEnded = read == 0;
    }
}
