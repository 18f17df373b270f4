using System.Collections.Immutable;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// How long a model will take, from its own starts. The first start after the image changed compiles everything anew and takes many times longer than the
/// later ones (minutes instead of seconds, spark-vllm-docker.md section 5), so the two kinds are never mixed. Pure.
/// </summary>
internal static class LoadHistory
{
    /// <summary>Only the last starts count: drivers and disks change.</summary>
    private const int Counted = 20;

    /// <summary>One start that worked, and the image that was started; null when that is not known.</summary>
    public sealed record Start(TimeSpan Took, string? Image);

    /// <summary>
    /// The estimate for the next start, from the earlier ones, oldest first. For an image that was not started last, only first starts of an image are asked;
    /// null when there is none. Otherwise the later starts; until there is one, the first.
    /// </summary>
    public static LoadEstimate? Estimate(ImmutableArray<Start> starts, string? image)
    {
        var isFirst = IsFirst(starts, starts.Length, image);
        var same = starts.Where((start, index) => IsFirst(starts, index, start.Image) == isFirst).ToArray();
        if (same.Length == 0 && !isFirst)
        {
            same = [.. starts];
        }

        var sorted = same.TakeLast(Counted).Select(start => start.Took).Order().ToArray();
        return sorted.Length == 0 ? null : new LoadEstimate(Quantile(sorted, 0.5), Quantile(sorted, 0.9), sorted.Length);
    }

    /// <summary>Whether a start at this place is the first of its image. An unknown image is taken for the one before.</summary>
    private static bool IsFirst(ImmutableArray<Start> starts, int index, string? image)
    {
        var before = starts.Take(index).LastOrDefault(start => start.Image is not null)?.Image;
        return image is null ? index == 0 && starts.Length > 1 : before is null ? index == 0 : before != image;
    }

    /// <summary>The nearest-rank quantile of sorted values.</summary>
    private static TimeSpan Quantile(TimeSpan[] sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
