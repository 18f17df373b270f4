namespace Appliance.Cluster.Topology;

/// <summary>The definition in force. Read it where it is used and do not keep it: a reload replaces it.</summary>
public interface ITopology
{
    /// <summary>The whole definition. Thread-safe.</summary>
    ClusterDefinition Current { get; }
}
