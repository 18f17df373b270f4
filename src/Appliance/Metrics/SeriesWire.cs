using Appliance.Cluster.Metrics;

namespace Appliance.Metrics;

internal sealed record SeriesWire(IReadOnlyDictionary<string, string> Labels, double? Value, SpreadWire? Spread)
{
    public static SeriesWire From(MetricSeries series) => new(
        series.Labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal),
        series.Buckets is null ? series.Value : null,
        series.Buckets is { } buckets ? SpreadWire.From(buckets, series.Value) : null);
}
