using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Discovery;

/// <summary>The last good listing of one host's model cache.</summary>
public sealed record HostDisk
{
    /// <summary>The host.</summary>
    public required HostId Host { get; init; }

    /// <summary>When <see cref="Models"/> was listed; null when the host has not answered yet.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>What is in the cache, ordered by repository. Kept from the last good listing while the host does not answer.</summary>
    public ImmutableArray<CachedModel> Models { get; init; } = [];

    /// <summary>Why the newest listing failed; null when it did not.</summary>
    public HostFault? Fault { get; init; }
}
