namespace Appliance.Cluster.Routing;

/// <summary>
/// How many requests the gateway has in work, per upstream (lane or service id). A swap drains by waiting for zero after new requests are refused. Thread-safe.
/// </summary>
public sealed class GatewayTraffic
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Requests in work for an upstream.</summary>
    public int InFlight(string upstreamId)
    {
        lock (_gate)
        {
            return _counts.TryGetValue(upstreamId, out var count) ? count.Value : 0;
        }
    }

    /// <summary>
    /// Counts one request until the returned lease is disposed; disposing twice counts once. Whoever begins asks <see cref="IUpstreams"/> again afterwards:
    /// otherwise a request that was matched just before a drain could slip in after the drain saw zero.
    /// </summary>
    public IDisposable Begin(string upstreamId)
    {
        lock (_gate)
        {
            if (!_counts.TryGetValue(upstreamId, out var count))
            {
                _counts[upstreamId] = count = new Count();
            }

            count.Value++;
            return new Lease(this, upstreamId);
        }
    }

    /// <summary>Ends when no request is in work for an upstream; at once when none is.</summary>
    public Task WaitForIdleAsync(string upstreamId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _counts.TryGetValue(upstreamId, out var count) ? count.Idle.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
        }
    }

    private void End(string upstreamId)
    {
        TaskCompletionSource idle;
        lock (_gate)
        {
            var count = _counts[upstreamId];
            if (--count.Value > 0)
            {
                return;
            }

            _counts.Remove(upstreamId);
            idle = count.Idle;
        }

        idle.SetResult();
    }

    private sealed class Count
    {
        public int Value { get; set; }

        public TaskCompletionSource Idle { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Lease(GatewayTraffic owner, string upstreamId) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                owner.End(upstreamId);
            }
        }
    }
}
