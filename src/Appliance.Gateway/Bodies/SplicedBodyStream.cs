using System.Buffers;

namespace Appliance.Gateway.Bodies;

/// <summary>
/// A body with the model's name spliced in, every other byte as it came. Gives the memory back when it was read to its end, so that a long answer does not hold
/// a picture. Reading and disposing exclude each other: the forwarder may still be sending on another thread when the request is given up.
/// </summary>
internal sealed class SplicedBodyStream : Stream
{
    private readonly Lock _gate = new();
    private readonly ReadOnlySequence<byte>[] _parts;
    private readonly IDisposable[] _owners;
    private int _current;
    private bool _isReleased;

    /// <summary><paramref name="replacement"/> may be empty together with an empty place: then the body stays as it is.</summary>
    public SplicedBodyStream(in ReadOnlySequence<byte> body, ModelPlace place, ReadOnlyMemory<byte> replacement, params IDisposable[] owners)
    {
        _owners = owners;
        TotalLength = body.Length - place.Length + replacement.Length;
        _parts = [body.Slice(0, place.Start), new ReadOnlySequence<byte>(replacement), body.Slice(place.Start + place.Length)];
    }

    /// <summary>How many bytes come out in all.</summary>
    public long TotalLength { get; }

    /// <summary>Whether any of it was taken, and so may have been sent.</summary>
    public bool WasRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        lock (_gate)
        {
            WasRead = true;
            while (_current < _parts.Length)
            {
                ObjectDisposedException.ThrowIf(_isReleased, this);
                ref var part = ref _parts[_current];
                if (part.IsEmpty)
                {
                    _current++;
                    continue;
                }

                var count = (int)Math.Min(buffer.Length, part.Length);
                part.Slice(0, count).CopyTo(buffer);
                part = part.Slice(count);
                return count;
            }

            Release_NeedsLock();
            return 0;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
        foreach (var owner in _owners)
        {
            owner.Dispose();
        }
    }
}
