using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Discovery;

/// <summary>What lies on the disks of all hosts. Immutable; <see cref="ModelDiscovery"/> replaces it whole.</summary>
public sealed record DiskInventory
{
    /// <summary>Nothing listed yet.</summary>
    public static DiskInventory Empty { get; } = new();

    /// <summary>One per host of the definition, in its order.</summary>
    public ImmutableArray<HostDisk> Hosts { get; init; } = [];

    /// <summary>Whether every host has answered at least once; until then an absent model means "not known".</summary>
    public bool IsComplete { get; init; }

    /// <summary>Whether every host was asked, and at least one answered: a machine that is off does not keep the others' models from being shown.</summary>
    public bool IsKnown => Hosts.Any(disk => disk.ObservedAt is not null) && Hosts.All(disk => disk.ObservedAt is not null || disk.Fault is not null);

    /// <summary>The disk of that host, or null.</summary>
    public HostDisk? FindHost(HostId id) => Hosts.FirstOrDefault(disk => disk.Host == id);
}
