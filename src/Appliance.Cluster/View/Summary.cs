using System.Collections.Immutable;

namespace Appliance.Cluster.View;

/// <summary>The headline and what needs a person, from the rest of a snapshot. Pure.</summary>
internal static class Summary
{
    /// <summary>
    /// Fills in <see cref="ClusterSnapshot.Headline"/> and <see cref="ClusterSnapshot.Attention"/>. What did not change stays the same instance.
    /// </summary>
    public static ClusterSnapshot Complete(ClusterSnapshot snapshot)
    {
        var attention = AttentionList.Of(snapshot);
        var headline = HeadlineWords.Of(snapshot, attention.Length);
        var isSameAttention = attention.AsSpan().SequenceEqual(snapshot.Attention.AsSpan());
        return isSameAttention && headline == snapshot.Headline
            ? snapshot
            : snapshot with { Headline = headline, Attention = isSameAttention ? snapshot.Attention : Reuse(snapshot.Attention, attention) };
    }

    private static ImmutableArray<Attention> Reuse(ImmutableArray<Attention> before, ImmutableArray<Attention> now) =>
        [.. now.Select(item => before.FirstOrDefault(old => old == item) ?? item)];
}
