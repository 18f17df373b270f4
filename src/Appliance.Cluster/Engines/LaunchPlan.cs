using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Engines;

/// <summary>Exactly what will be run to start a model.</summary>
/// <param name="Host">Where the launcher runs: the lane's head.</param>
/// <param name="Command">The launcher with all its words.</param>
/// <param name="ServeArguments">The words that the model server itself receives, from <c>vllm</c> on; they must arrive byte for byte.</param>
/// <param name="Hosts">Every host that will run a part of it, head first.</param>
/// <param name="ServedName">The name under which the server will answer.</param>
public sealed record LaunchPlan(HostId Host, ShellCommand Command, ImmutableArray<string> ServeArguments, ImmutableArray<HostId> Hosts, string ServedName)
{
    /// <summary>Lets the host check whether it could start this, without starting or stopping anything; null when there is nothing to check.</summary>
    public ShellCommand? Check { get; init; }

    /// <summary>Whether several machines run it together.</summary>
    public bool IsCluster => Hosts.Length > 1;
}
