using System.Threading.RateLimiting;

namespace Appliance.Gateway.Bodies;

/// <summary>
/// Bounds the memory of all bodies together: large ones wait in line for their share before their first byte is read, so a thousand uploads at once cost
/// time, not memory (threat T-20). Small ones do not wait. Thread-safe.
/// </summary>
internal sealed class BodyBudget : IDisposable
{
    /// <summary>Two of the largest chat bodies (64 MiB) at a time.</summary>
    private const long TotalBytes = 128 * 1024 * 1024;

    /// <summary>Waiting costs a connection only; this many pieces is 64 GiB of announced bodies.</summary>
    private const int LongestQueue = 1_048_576;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = (int)(TotalBytes / PooledBody.PieceSize),
        QueueLimit = LongestQueue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>
    /// Waits for room for a body of the announced length, or of the limit when none is announced. Disposing the result frees the share; it is null when
    /// even the line is full.
    /// </summary>
    public async ValueTask<IDisposable?> TakeAsync(long? announced, long limit, CancellationToken cancellationToken)
    {
        var bytes = Math.Min(announced ?? limit, limit);
        if (bytes <= PooledBody.PieceSize)
        {
            return NoShare.Instance;
        }

        var pieces = Math.Min((bytes / PooledBody.PieceSize) + 1, TotalBytes / PooledBody.PieceSize);
        var lease = await _limiter.AcquireAsync((int)pieces, cancellationToken);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        return null;
    }

    public void Dispose() => _limiter.Dispose();

    private sealed class NoShare : IDisposable
    {
        public static readonly NoShare Instance = new();

        public void Dispose()
        {
        }
    }
}
