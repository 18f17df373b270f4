using System.Collections.Immutable;
using Appliance.Cluster.Health;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.View;

/// <summary>A service at one moment.</summary>
public sealed record ServiceSnapshot
{
    /// <summary>What it is.</summary>
    public required ServiceDefinition Definition { get; init; }

    /// <summary>How it is.</summary>
    public Condition Condition { get; init; } = Condition.Unknown;

    /// <summary>The last looks, oldest first, at most 30: the heartbeat bar.</summary>
    public ImmutableArray<ConditionKind> Beats { get; init; } = [];
}
