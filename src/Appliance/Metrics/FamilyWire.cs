using Appliance.Cluster.Metrics;

namespace Appliance.Metrics;

internal sealed record FamilyWire(string Name, MetricKind Kind, string Help, IReadOnlyList<SeriesWire> Series)
{
    public static FamilyWire From(MetricFamily family) => new(family.Name, family.Kind, family.Help, [.. family.Series.Select(SeriesWire.From)]);
}
