using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>The feeds of the running jobs and of the last ones that ended; older jobs are told from the journal. Thread-safe.</summary>
internal sealed class SwapFeeds
{
    private const int KeptFeeds = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<SwapJobId, SwapFeed> _feeds = [];
    private readonly Queue<SwapJobId> _order = new();

    /// <summary>The feed of a job, or null when it is no longer kept.</summary>
    public SwapFeed? Find(SwapJobId id)
    {
        lock (_gate)
        {
            return _feeds.GetValueOrDefault(id);
        }
    }

    /// <summary>The feed of a job that begins, or goes on after a restart.</summary>
    public SwapFeed Open(SwapJobId id)
    {
        lock (_gate)
        {
            if (_feeds.TryGetValue(id, out var known))
            {
                return known;
            }

            var feed = _feeds[id] = new SwapFeed();
            _order.Enqueue(id);
            while (_order.Count > KeptFeeds && _feeds[_order.Peek()].HasEnded)
            {
                _feeds.Remove(_order.Dequeue());
            }

            return feed;
        }
    }
}
