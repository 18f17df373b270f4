namespace Appliance.Gateway.Bodies;

/// <summary>A request's body as its upstream is to get it: read once, from the front.</summary>
internal abstract class OutgoingBody : Stream
{
    /// <summary>How many bytes come out in all; null when that is known only at the end.</summary>
    public abstract long? TotalLength { get; }

    /// <summary>Whether all of it is in memory, and little enough to go into one write.</summary>
    public virtual bool IsAtHand => false;

    /// <summary>Whether any of it was taken, and so may have been sent.</summary>
    public bool WasRead { get; protected set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
