using System.Collections.Immutable;

namespace Appliance.Cluster.Metrics;

/// <summary>How some values are spread.</summary>
/// <param name="Buckets">How many lie where.</param>
/// <param name="Sum">All of them together.</param>
public sealed record NumberSpread(BucketCounts Buckets, double Sum)
{
    /// <summary>Adds histograms with the same bounds; null without any.</summary>
    public static NumberSpread? Of(ImmutableArray<MetricSeries> histograms)
    {
        var buckets = histograms.Select(series => series.Buckets).OfType<BucketCounts>().ToArray();
        return buckets.Length == 0 ? null : new NumberSpread(buckets.Aggregate((left, right) => left.Add(right)), histograms.Sum(series => series.Value));
    }
}
