using System.Collections.Concurrent;
using Appliance.Cluster.Routing;

namespace Appliance.Gateway.Exchanges;

/// <summary>The habits of the upstreams, each forgotten when it serves another model or moves. Thread-safe.</summary>
internal sealed class UpstreamHabits
{
    /// <summary>A home has a handful; models come and go.</summary>
    private const int MostKept = 256;

    private readonly ConcurrentDictionary<(string Id, Uri Address, string ServedName), UpstreamHabit> _known = new();

    public UpstreamHabit Of(Upstream upstream)
    {
        if (_known.Count > MostKept)
        {
            _known.Clear();
        }

        return _known.GetOrAdd((upstream.Id, upstream.Address, upstream.ServedName), _ => new UpstreamHabit());
    }
}
