using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Topology;

/// <summary>What the owner has: machines, lanes and services. Immutable; a reload replaces it whole.</summary>
public sealed record ClusterDefinition
{
    /// <summary>Nothing configured yet.</summary>
    public static ClusterDefinition Empty { get; } = new();

    /// <summary>The machines, in the order in which they are shown.</summary>
    public ImmutableArray<HostDefinition> Hosts { get; init; } = [];

    /// <summary>The lanes; <see cref="LaneId.Main"/> first when there is one.</summary>
    public ImmutableArray<LaneDefinition> Lanes { get; init; } = [];

    /// <summary>Everything else with a tile.</summary>
    public ImmutableArray<ServiceDefinition> Services { get; init; } = [];

    /// <summary>Fixed names for ports, in the order of the file.</summary>
    public ImmutableArray<PortAlias> Aliases { get; init; } = [];

    /// <summary>Whether this is the simulated cluster; the page says so.</summary>
    public bool IsDemo { get; init; }

    /// <summary>The host of that id, or null.</summary>
    public HostDefinition? FindHost(HostId id) => Hosts.FirstOrDefault(host => host.Id == id);

    /// <summary>The lane of that id, or null.</summary>
    public LaneDefinition? FindLane(LaneId id) => Lanes.FirstOrDefault(lane => lane.Id == id);

    /// <summary>Where the lane's server answers, on its head host; null while no such host is defined.</summary>
    public Uri? FindEndpoint(LaneDefinition lane) =>
        FindHost(lane.Head) is { } host ? new UriBuilder(Uri.UriSchemeHttp, host.Address, lane.Port).Uri : null;

    /// <summary>Where a service answers; null for a service without a port.</summary>
    public Uri? FindEndpoint(ServiceDefinition service) =>
        service.Port is { } port && FindHost(service.Host) is { } host
            ? new UriBuilder(Uri.UriSchemeHttp, host.Address, port).Uri
            : null;
}
