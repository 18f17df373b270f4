using System.Collections.Immutable;

namespace Appliance.Cluster.Metrics;

/// <summary>The buckets of a histogram.</summary>
/// <param name="Bounds">The upper bounds, growing; the last bucket has none.</param>
/// <param name="Counts">Values in each bucket alone, one more than there are bounds.</param>
public sealed record BucketCounts(ImmutableArray<double> Bounds, ImmutableArray<long> Counts)
{
    /// <summary>All values.</summary>
    public long Total => Counts.Sum();

    /// <summary>Both together; they must have the same bounds.</summary>
    public BucketCounts Add(BucketCounts other) => new(Bounds, [.. Counts.Zip(other.Counts, (left, right) => left + right)]);

    /// <summary>
    /// The value below which a share of all values lies, interpolated within its bucket as Prometheus does; null without values, and for the last bucket its
    /// lower bound, because nobody knows more.
    /// </summary>
    public double? FindQuantile(double share)
    {
        var rank = Total * share;
        var below = 0L;
        for (var bucket = 0; bucket < Counts.Length && Total > 0; bucket++)
        {
            if (below + Counts[bucket] >= rank && Counts[bucket] > 0)
            {
                var from = bucket == 0 ? 0 : Bounds[bucket - 1];
                return bucket == Bounds.Length ? from : from + ((Bounds[bucket] - from) * (rank - below) / Counts[bucket]);
            }

            below += Counts[bucket];
        }

        return null;
    }
}
