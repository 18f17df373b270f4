using System.Buffers;

namespace Appliance.Gateway.Bodies;

/// <summary>
/// A body with some places exchanged (the model's name, pictures), every other byte as it came. Gives the memory back when it was read to its end, so that a long answer does not hold
/// a picture. Reading and disposing exclude each other: the forwarder may still be sending on another thread when the request is given up.
/// </summary>
internal sealed class SplicedBodyStream : OutgoingBody
{
    private readonly Lock _gate = new();
    private readonly ReadOnlySequence<byte>[] _parts;
    private readonly IDisposable? _owner;
    private readonly long _length;
    private int _current;
    private bool _isReleased;

    /// <summary>The edits are in the order of their places; without any the body stays as it is.</summary>
    public SplicedBodyStream(in ReadOnlySequence<byte> body, ReadOnlySpan<BodyEdit> edits, IDisposable? owner = null)
    {
        _owner = owner;
        _length = body.Length;
        _parts = new ReadOnlySequence<byte>[(edits.Length * 2) + 1];
        var from = 0L;
        for (var i = 0; i < edits.Length; i++)
        {
            _length += edits[i].Text.Length - edits[i].Length;
            _parts[i * 2] = body.Slice(from, edits[i].Start - from);
            _parts[(i * 2) + 1] = new ReadOnlySequence<byte>(edits[i].Text);
            from = edits[i].Start + edits[i].Length;
        }

        _parts[^1] = body.Slice(from);
    }

    public override long? TotalLength => _length;

    public override bool IsAtHand => _length is > 0 and <= PooledBody.PieceSize;

    public override int Read(Span<byte> buffer)
    {
        lock (_gate)
        {
            WasRead = true;
            var filled = 0;
            while (filled < buffer.Length && _current < _parts.Length)
            {
                ObjectDisposedException.ThrowIf(_isReleased, this);
                ref var part = ref _parts[_current];
                var count = (int)Math.Min(buffer.Length - filled, part.Length);
                part.Slice(0, count).CopyTo(buffer[filled..]);
                part = part.Slice(count);
                filled += count;
                _current += part.IsEmpty ? 1 : 0;
            }

            if (_current == _parts.Length)
            {
                Release_NeedsLock();
            }

            return filled;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
            {
                Release_NeedsLock();
            }
        }

        base.Dispose(disposing);
    }

    private void Release_NeedsLock()
    {
        if (_isReleased)
        {
            return;
        }

        _isReleased = true;
        _owner?.Dispose();
    }
}
