using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.View;

/// <summary>
/// The newest snapshot and the stream of all that follow. Each part of a snapshot has one writer (the host watch writes hosts, the swap engine writes swaps),
/// which changes it through <see cref="Update"/>. Thread-safe.
/// </summary>
public sealed class ClusterView
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Bell _changed = new();
    private readonly List<ClusterSubscription> _subscriptions = [];
    private ClusterSnapshot _current;

    /// <summary>Starts from the definition: every lane, host and service is there, in unknown condition.</summary>
    public ClusterView(ITopology topology, TimeProvider time)
    {
        _time = time;
        var definition = topology.Current;
        _current = new ClusterSnapshot
        {
            ObservedAt = time.GetUtcNow(),
            IsDemo = definition.IsDemo,
            Lanes = [.. definition.Lanes.Select(lane => new LaneSnapshot { Definition = lane })],
            Hosts = [.. definition.Hosts.Select(host => new HostSnapshot { Definition = host })],
            Services = [.. definition.Services.Select(service => new ServiceSnapshot { Definition = service })],
        };
        _current = Summary.Complete(_current);
    }

    /// <summary>The newest snapshot.</summary>
    public ClusterSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Ends when another snapshot has taken the place of the newest one. Take it before looking, so that no change falls between.</summary>
    public Task NextChange => _changed.Next;

    /// <summary>
    /// Changes the snapshot. <paramref name="change"/> gets the newest one and returns it unchanged when there is nothing to do; it runs under a lock, so it
    /// only builds values. Headline, attention, generation and time are filled in here.
    /// </summary>
    public void Update(Func<ClusterSnapshot, ClusterSnapshot> change)
    {
        lock (_gate)
        {
            var next = change(_current);
            if (ReferenceEquals(next, _current))
            {
                return;
            }

            next = Summary.Complete(next with { Generation = _current.Generation + 1, ObservedAt = _time.GetUtcNow() });
            Volatile.Write(ref _current, next);
            _changed.Ring();
            foreach (var subscription in _subscriptions)
            {
                subscription.Offer(next);
            }
        }
    }

    /// <summary>Everything now and everything after, as one value: no change falls between the two. Dispose it to stop.</summary>
    public ClusterSubscription Subscribe()
    {
        lock (_gate)
        {
            var subscription = new ClusterSubscription(_current, Remove);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    private void Remove(ClusterSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }
}
