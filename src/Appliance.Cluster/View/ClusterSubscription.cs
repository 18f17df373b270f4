using System.Threading.Channels;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.View;

/// <summary>
/// One reader's view of the stream. Snapshots are whole, so the channel holds only the newest: a slow reader skips frames and never queues them.
/// </summary>
public sealed class ClusterSubscription : IDisposable
{
    private readonly Channel<ClusterSnapshot> _newest = Channel.CreateBounded<ClusterSnapshot>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Action<ClusterSubscription> _remove;

    internal ClusterSubscription(ClusterSnapshot initial, Action<ClusterSubscription> remove)
    {
        Initial = initial;
        _remove = remove;
    }

    /// <summary>The snapshot at the moment of subscribing.</summary>
    public ClusterSnapshot Initial { get; }

    /// <summary>The snapshots after <see cref="Initial"/>; ends when the subscription is disposed. For one reader.</summary>
    public IAsyncEnumerable<ClusterSnapshot> ReadAllAsync(CancellationToken cancellationToken) => _newest.Reader.ReadHereAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _remove(this);
        _newest.Writer.TryComplete();
    }

    internal void Offer(ClusterSnapshot snapshot) => _newest.Writer.TryWrite(snapshot);
}
