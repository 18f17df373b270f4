using System.Collections.Immutable;
using Appliance.Cluster.Swaps;

namespace Appliance.Simulation;

/// <summary>The real machine, with at most one mistake planted around it.</summary>
internal static class Planted
{
    public static (LaneSwap Next, ImmutableArray<SwapEffect> Effects) Decide(Mistake mistake, LaneSwap swap, SwapInput input, DateTimeOffset now)
    {
        var (next, effects) = SwapMachine.Decide(swap, input, now);
        return mistake switch
        {
            Mistake.LaunchBeforeGone when input is SwapInput.LogKept && swap.Wanted is { } wanted && next.Job.State == SwapState.Stopping =>
                (next with { Job = next.Job with { State = SwapState.Launching } }, [new SwapEffect.Launch(wanted)]),
            Mistake.RollbackForgotten when input is SwapInput.StartFailed failed && !next.Job.State.IsTerminal() && !swap.IsRollingBack =>
                (swap with { Job = swap.Job with { State = SwapState.Failed, Failure = failed.Failure, EndedAt = now } }, []),
            Mistake.LaunchRepeatedAfterRestart when effects is [SwapEffect.FindLaunched find] => (next, [new SwapEffect.Launch(find.Target)]),
            Mistake.LiveWithoutToken when input is SwapInput.Named && !swap.IsRollingBack && next.Job.State == SwapState.Probing =>
                (next with { Job = next.Job with { State = SwapState.Live, EndedAt = now } }, []),
            Mistake.LaunchAbandonedByCancel when input is SwapInput.CancelRequested && swap is { Job.State: SwapState.Launching, IsRollingBack: false, IsCancelled: false } =>
                (next with { IsRollingBack = true, Job = next.Job with { State = SwapState.Stopping } }, [new SwapEffect.Abandon(), new SwapEffect.StopServers()]),
            Mistake.LaunchWithoutMemory when effects is [SwapEffect.AwaitMemory memory] =>
                (next with { Job = next.Job with { State = SwapState.Launching } }, [new SwapEffect.Launch(memory.Target)]),
            Mistake.RollbackWithoutBudget when input is SwapInput.StartFailed && swap is { IsRollingBack: true, Previous: not null } =>
                (next with { Previous = swap.Previous }, effects),
            _ => (next, effects),
        };
    }
}
