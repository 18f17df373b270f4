using System.Collections.Immutable;

namespace Appliance.Cluster.Metrics;

/// <summary>One number, or one histogram, under its labels.</summary>
/// <param name="Labels">Names as Prometheus spells them, and values.</param>
/// <param name="Value">The number; for a histogram the sum of its values.</param>
/// <param name="Buckets">The histogram's buckets; null for others.</param>
public sealed record MetricSeries(ImmutableArray<KeyValuePair<string, string>> Labels, double Value, BucketCounts? Buckets)
{
    /// <summary>The value of a label, or null.</summary>
    public string? FindLabel(string name)
    {
        foreach (var (label, value) in Labels)
        {
            if (label == name)
            {
                return value;
            }
        }

        return null;
    }
}
