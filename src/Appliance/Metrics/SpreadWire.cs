using Appliance.Cluster.Metrics;

namespace Appliance.Metrics;

/// <summary>A histogram: buckets count from below, as in Prometheus. The quantiles are interpolated within a bucket.</summary>
internal sealed record SpreadWire(long Count, double Sum, double? P50, double? P95, IReadOnlyList<BucketWire> Buckets)
{
    public static SpreadWire? From(NumberSpread? spread) => spread is null ? null : From(spread.Buckets, spread.Sum);

    public static SpreadWire From(BucketCounts buckets, double sum)
    {
        var below = 0L;
        var rows = buckets.Counts.Select((count, bucket) => new BucketWire(bucket == buckets.Bounds.Length ? null : buckets.Bounds[bucket], below += count)).ToArray();
        return new SpreadWire(below, sum, buckets.FindQuantile(0.5), buckets.FindQuantile(0.95), rows);
    }
}
