namespace Appliance.Cluster.Routing;

/// <summary>
/// How many requests the gateway has in work, per upstream (lane or service id). A swap drains in three steps: new requests are refused, it waits for zero, and
/// at its deadline it cuts off what still runs. Thread-safe.
/// </summary>
public sealed class GatewayTraffic
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Work> _work = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _begun = new(StringComparer.Ordinal);

    /// <summary>Requests in work for an upstream.</summary>
    public int InFlight(string upstreamId)
    {
        lock (_gate)
        {
            return _work.TryGetValue(upstreamId, out var work) ? work.Count : 0;
        }
    }

    /// <summary>Requests that wait for an upstream: for its model, or for their turn. They are not in work, and a drain does not wait for them.</summary>
    public int Waiting(string upstreamId)
    {
        lock (_gate)
        {
            return _waiting.GetValueOrDefault(upstreamId);
        }
    }

    /// <summary>Requests that ever began for an upstream: whoever sees the same number twice knows that none came meanwhile.</summary>
    public long Begun(string upstreamId)
    {
        lock (_gate)
        {
            return _begun.GetValueOrDefault(upstreamId);
        }
    }

    /// <summary>Counts one waiting request until the returned lease is disposed.</summary>
    public IDisposable Wait(string upstreamId)
    {
        Add(1);
        return new TrafficLease(() => Add(-1), CancellationToken.None);

        void Add(int more)
        {
            lock (_gate)
            {
                _waiting[upstreamId] = _waiting.GetValueOrDefault(upstreamId) + more;
            }
        }
    }

    /// <summary>
    /// Counts one request until the returned lease is disposed. Whoever begins asks <see cref="IUpstreams"/> again afterwards: otherwise a request that was
    /// matched just before a drain could slip in after the drain saw zero.
    /// </summary>
    public TrafficLease Begin(string upstreamId)
    {
        lock (_gate)
        {
            if (!_work.TryGetValue(upstreamId, out var work))
            {
                _work[upstreamId] = work = new Work(() => End(upstreamId));
            }

            work.Count++;
            _begun[upstreamId] = _begun.GetValueOrDefault(upstreamId) + 1;
            return new TrafficLease(work.End, work.Cutting.Token);
        }
    }

    /// <summary>Ends when no request is in work for an upstream; at once when none is.</summary>
    public Task WaitForIdleAsync(string upstreamId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _work.TryGetValue(upstreamId, out var work) ? work.Idle.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
        }
    }

    /// <summary>
    /// Cuts off every request that is in work for an upstream now, and returns how many. Each caller is told: a stream gets an error event and no <c>[DONE]</c>,
    /// an answer that has not begun becomes a 503, one that has begun ends with a broken connection. They leave within milliseconds, so whoever cuts waits for
    /// idle once more, briefly. Requests that begin later are not touched.
    /// </summary>
    public int Cut(string upstreamId)
    {
        CancellationTokenSource cutting;
        int count;
        lock (_gate)
        {
            if (!_work.TryGetValue(upstreamId, out var work))
            {
                return 0;
            }

            (cutting, count) = (work.Cutting, work.Count);
            work.Cutting = new CancellationTokenSource();
        }

        cutting.Cancel();
        return count;
    }

    private void End(string upstreamId)
    {
        Work work;
        lock (_gate)
        {
            work = _work[upstreamId];
            if (--work.Count > 0)
            {
                return;
            }

            _work.Remove(upstreamId);
        }

        work.Idle.SetResult();
    }

    private sealed class Work(Action end)
    {
        /// <summary>Ends one request; the same for all of them.</summary>
        public Action End => end;

        public int Count { get; set; }

        /// <summary>Shared by all requests since the last cut. It has no timer, so it needs no disposal.</summary>
        public CancellationTokenSource Cutting { get; set; } = new();

        public TaskCompletionSource Idle { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
