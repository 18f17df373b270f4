using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Topology;

/// <summary>A place where one model can run: hosts, engine, port and container name.</summary>
public sealed record LaneDefinition
{
    /// <summary>Our name for it.</summary>
    public required LaneId Id { get; init; }

    /// <summary>The name people see, for example "Main" or "Small helper".</summary>
    public required string Name { get; init; }

    /// <summary>The hosts, head first. A solo recipe runs on the head; a cluster recipe needs at least two.</summary>
    public required ImmutableArray<HostId> Hosts { get; init; }

    /// <summary>What kind of server is launched here.</summary>
    public EngineKind Engine { get; init; } = EngineKind.Vllm;

    /// <summary>The port of the server on the head host; 8888 unless set (the launcher itself has no default).</summary>
    public int Port { get; init; } = 8888;

    /// <summary>The container's name; <c>vllm_node</c> is the launcher's default.</summary>
    public string Container { get; init; } = "vllm_node";

    /// <summary>The image; null leaves the launcher's default (<c>vllm-node</c>).</summary>
    public string? Image { get; init; }

    /// <summary>The host that answers HTTP and on which the launcher runs.</summary>
    public HostId Head => Hosts[0];
}
