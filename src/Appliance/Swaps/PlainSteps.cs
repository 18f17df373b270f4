using System.Collections.Immutable;
using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

/// <summary>The steps of a job as few as a person wants to see while it runs; the job's own page lists all of them. Pure.</summary>
public static class PlainSteps
{
    /// <summary>The job with what belongs together as one step: stopping and making room, launching and loading.</summary>
    public static SwapJob Of(SwapJob job) => job with { Steps = [.. job.Steps.GroupBy(step => Group(step.Kind)).Select(group => Join(group.Key, [.. group]))] };

    private static SwapStepKind Group(SwapStepKind kind) => kind switch
    {
        SwapStepKind.KeepLog or SwapStepKind.WaitGone or SwapStepKind.WaitMemory => SwapStepKind.Stop,
        SwapStepKind.Launch => SwapStepKind.Load,
        _ => kind,
    };

    private static SwapStep Join(SwapStepKind kind, ImmutableArray<SwapStep> steps)
    {
        var begun = steps.Where(step => step.StartedAt is not null).ToArray();
        if (begun is [])
        {
            return new SwapStep(kind);
        }

        var last = begun[^1];
        return new SwapStep(kind, begun[0].StartedAt, last.EndedAt, last.Detail ?? (last.EndedAt is null ? Doing(last.Kind) : null));
    }

    private static string? Doing(SwapStepKind kind) => kind switch
    {
        SwapStepKind.KeepLog => "its log is kept",
        SwapStepKind.WaitGone => "until it is gone",
        SwapStepKind.WaitMemory => "until its memory is back",
        _ => null,
    };
}
