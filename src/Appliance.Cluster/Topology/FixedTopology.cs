namespace Appliance.Cluster.Topology;

/// <summary>A definition that never changes: the demo cluster and tests.</summary>
/// <param name="definition">What <see cref="Current"/> answers.</param>
public sealed class FixedTopology(ClusterDefinition definition) : ITopology
{
    /// <inheritdoc/>
    public ClusterDefinition Current => definition;
}
