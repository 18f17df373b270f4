using System.Collections.Immutable;

namespace Appliance.Cluster.Swaps;

/// <summary>The bookkeeping of steps and percentages. Pure.</summary>
internal static class SwapSteps
{
    /// <summary>While a job runs, no shorter time is promised than this.</summary>
    public static TimeSpan ShortestEta { get; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The percentage at which a state begins. Loading takes the lion's share: on a Spark stopping takes seconds and loading takes a minute or more
    /// (spark-vllm-docker.md section 7).
    /// </summary>
    public static double ProgressAtStart(SwapState state) => state switch
    {
        SwapState.Queued or SwapState.Preflight => 0,
        SwapState.Draining => 2,
        SwapState.Stopping => 3,
        SwapState.Launching => 8,
        SwapState.Loading => 10,
        SwapState.Probing => 97,
        _ => 100,
    };

    /// <summary>The percentage for a fraction (0 to 1) of the start.</summary>
    public static double ProgressWhileLoading(double fraction) =>
        ProgressAtStart(SwapState.Loading) + Math.Clamp(fraction, 0, 1) * (ProgressAtStart(SwapState.Probing) - ProgressAtStart(SwapState.Loading));

    /// <summary>Begins a step and ends every earlier one that still runs. Entering the running step again changes nothing.</summary>
    public static ImmutableArray<SwapStep> Enter(ImmutableArray<SwapStep> steps, SwapStepKind kind, DateTimeOffset now)
    {
        var index = IndexOf(steps, kind);
        if (index < 0 || steps[index] is { StartedAt: not null, EndedAt: null })
        {
            return steps;
        }

        var closed = Close(steps, now);
        return closed.SetItem(index, closed[index] with { StartedAt = closed[index].StartedAt ?? now, EndedAt = null });
    }

    /// <summary>Ends whatever still runs.</summary>
    public static ImmutableArray<SwapStep> Close(ImmutableArray<SwapStep> steps, DateTimeOffset now) =>
        [.. steps.Select(step => step is { StartedAt: not null, EndedAt: null } ? step with { EndedAt = now } : step)];

    /// <summary>Whether a job changed nothing: it waited, and at most the model that ran was asked for a token.</summary>
    public static bool HasOnlyWaited(SwapJob job) => job.Steps is [{ Kind: SwapStepKind.Queue }, .. var asked] && asked.All(step => step.Kind == SwapStepKind.FirstAnswer);

    /// <summary>Notes what is counted in a step.</summary>
    public static ImmutableArray<SwapStep> Detail(ImmutableArray<SwapStep> steps, SwapStepKind kind, string? detail)
    {
        var index = IndexOf(steps, kind);
        return index < 0 || steps[index].Detail == detail ? steps : steps.SetItem(index, steps[index] with { Detail = detail });
    }

    private static int IndexOf(ImmutableArray<SwapStep> steps, SwapStepKind kind)
    {
        for (var index = 0; index < steps.Length; index++)
        {
            if (steps[index].Kind == kind)
            {
                return index;
            }
        }

        return -1;
    }
}
