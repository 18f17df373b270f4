using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Fit;

/// <summary>Whether a model fits into a host's memory.</summary>
/// <param name="IsOk">Whether it does.</param>
/// <param name="Needed">What it needs on each host that runs a part of it.</param>
/// <param name="Available">What the tightest of those hosts can give once the lane's current model is gone.</param>
/// <param name="Why">One sentence for the owner.</param>
public sealed record FitVerdict(bool IsOk, ByteSize Needed, ByteSize Available, string Why)
{
    /// <summary>Whether <see cref="Needed"/> was computed from file sizes and not yet measured.</summary>
    public bool IsEstimated { get; init; } = true;
}
