using System.Collections.Immutable;

namespace Appliance.Cluster.Topology;

/// <summary>What came out of reading a definition: the definition, or everything that is wrong with it.</summary>
/// <param name="Definition">The definition; null when there is a problem.</param>
/// <param name="Problems">One sentence each, naming the key (and for a file the place) with an example of a good value.</param>
public sealed record TopologyReading(ClusterDefinition? Definition, ImmutableArray<string> Problems)
{
    internal static TopologyReading Of(ClusterDefinition definition, IReadOnlyCollection<string> problems) =>
        problems.Count == 0 ? new TopologyReading(definition, []) : new TopologyReading(null, [.. problems]);
}
