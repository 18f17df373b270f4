namespace Appliance.Cluster.Swaps;

/// <summary>One step of a job.</summary>
/// <param name="Kind">Which.</param>
/// <param name="StartedAt">When it began; null while it is still to come.</param>
/// <param name="EndedAt">When it ended; null while it runs or is still to come.</param>
/// <param name="Detail">What is counted or was found, for example "9 of 14"; null when there is nothing.</param>
public sealed record SwapStep(SwapStepKind Kind, DateTimeOffset? StartedAt = null, DateTimeOffset? EndedAt = null, string? Detail = null);
