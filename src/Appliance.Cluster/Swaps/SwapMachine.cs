using System.Collections.Immutable;
using Appliance.Cluster.Engines;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// The swap as a transaction: which state follows which, and what is done on the way. Pure. Nothing is launched before the old server was seen gone, and a
/// job that touched something ends with the wanted model, with the previous one, or with a sentence why neither came up.
/// </summary>
/// <remarks>
/// <code>
/// state       input             next        effect
/// queued      proving           queued                        the wanted model is shown as running, and is asked for a token
/// queued      already there     live                          it gave one
/// queued      failed            failed                        it may not run any more
/// preflight   passed            draining    drain
/// preflight   failed            failed                        nothing was touched
/// draining    drained           draining    keep log
/// draining    log kept          stopping    stop servers
/// stopping    seen gone         stopping    await memory      a stop job is live here; launching at once when nothing was there
/// stopping    not gone          failed                        the old server may still run: nothing is started beside it
/// stopping    memory back       launching   launch
/// stopping    memory short      stopping    stop servers      rolling back
/// launching   launched          loading     await server
/// loading     named             probing
/// probing     generated         live
/// launching…  start failed      stopping    stop servers      rolling back, once
/// (rollback)  generated         rolled_back
/// (rollback)  start failed      failed
/// queued…draining  cancel       cancelled   abandon           nothing was touched
/// stopping, loading, probing
///             cancel            stopping    abandon, stop     rolling back; ends as cancelled
/// any         superseded        failed                        somebody newer decides on that host: nothing more is done
/// launching   cancel            launching                     the command is waited for: abandoned, it could start a server later
/// </code>
/// </remarks>
internal static class SwapMachine
{
    private const int LogTailLines = 8;

    /// <summary>A job that was just accepted and has to wait for its turn.</summary>
    public static LaneSwap Wait(LaneSwap swap) =>
        swap with { Job = swap.Job with { State = SwapState.Queued, Steps = [new SwapStep(SwapStepKind.Queue, swap.Job.StartedAt)] } };

    /// <summary>A job that was just accepted, or whose turn has come.</summary>
    public static (LaneSwap Next, ImmutableArray<SwapEffect> Effects) Begin(LaneSwap swap, DateTimeOffset now)
    {
        ImmutableArray<SwapStep> steps = swap.Wanted is null
            ? [.. new[] { SwapStepKind.Check, SwapStepKind.Drain, SwapStepKind.KeepLog, SwapStepKind.Stop, SwapStepKind.WaitGone }.Select(kind => new SwapStep(kind))]
            : [.. Enum.GetValues<SwapStepKind>().Where(kind => kind is not (SwapStepKind.Queue or SwapStepKind.RollBack)).Select(kind => new SwapStep(kind))];
        swap = swap with { Job = swap.Job with { Position = null, Steps = [.. Waited(swap), .. steps] } };
        return (Enter(swap, SwapState.Preflight, SwapStepKind.Check, now), [new SwapEffect.CheckFirst(swap.Wanted)]);
    }

    /// <summary>The next state and what is to be done. An input that does not belong to the state (the late result of an abandoned effect) changes nothing.</summary>
    public static (LaneSwap Next, ImmutableArray<SwapEffect> Effects) Decide(LaneSwap swap, SwapInput input, DateTimeOffset now)
    {
        if (swap.Job.State.IsTerminal())
        {
            return (swap, []);
        }

        return (swap.Job.State, input) switch
        {
            (_, SwapInput.Resumed) => Resume(swap),
            (_, SwapInput.Superseded superseded) => (End(swap, SwapState.Failed, now, superseded.Failure), []),
            (_, SwapInput.CancelRequested) when swap.IsCancelled => (swap, []),
            ( <= SwapState.Draining, SwapInput.CancelRequested) => (End(swap, SwapState.Cancelled, now), [new SwapEffect.Abandon()]),
            (_, SwapInput.CancelRequested) when swap.IsRollingBack || swap.Wanted is null => (swap, []),
            (SwapState.Launching, SwapInput.CancelRequested cancel) => (Cancel(swap, cancel.By), []),
            (_, SwapInput.CancelRequested cancel) => RollBack(Cancel(swap, cancel.By), now),

            (SwapState.Queued, SwapInput.Proving proving) => (Prove(swap, proving.Begins, now), []),
            (SwapState.Queued, SwapInput.AlreadyThere) => (End(swap, SwapState.Live, now), []),
            (SwapState.Queued, SwapInput.PreflightFailed failed) => (End(swap, SwapState.Failed, now, failed.Failure), []),
            (SwapState.Preflight, SwapInput.PreflightPassed) => (Enter(swap, SwapState.Draining, SwapStepKind.Drain, now), [new SwapEffect.Drain()]),
            (SwapState.Preflight, SwapInput.PreflightFailed failed) => (End(swap, SwapState.Failed, now, failed.Failure), []),
            (SwapState.Draining, SwapInput.Drained drained) => (Enter(NoteCut(swap, drained.Cut), SwapState.Draining, SwapStepKind.KeepLog, now), [new SwapEffect.KeepLog()]),
            (SwapState.Draining, SwapInput.LogKept) => (Enter(swap, SwapState.Stopping, SwapStepKind.Stop, now), [new SwapEffect.StopServers()]),
            (SwapState.Stopping, SwapInput.StopSent) when !swap.IsGone => (Enter(swap, SwapState.Stopping, SwapStepKind.WaitGone, now), []),
            (SwapState.Stopping, SwapInput.SeenGone gone) => AfterStop(swap, gone.WasThere, now),
            (SwapState.Stopping, SwapInput.MemoryBack back) when swap is { IsGone: true, Starting: { } target } => Launch(Remark(swap, back.Remark), target, now),
            (SwapState.Stopping, SwapInput.MemoryShort memory) when swap is { IsGone: true, IsRollingBack: false } => RollBack(Fail(swap, memory.Failure), now),
            (SwapState.Stopping, SwapInput.NotGone notGone) => (End(swap, SwapState.Failed, now, Both(swap.Job.Failure, notGone.Failure)), []),
            (SwapState.Launching, SwapInput.Launched or SwapInput.StartFailed) when swap is { IsCancelled: true, IsRollingBack: false } => RollBack(swap, now),
            (SwapState.Launching, SwapInput.Launched) => (Enter(swap, SwapState.Loading, SwapStepKind.Load, now), [new SwapEffect.AwaitServer(swap.Starting!)]),
            (SwapState.Loading, SwapInput.Progressed progressed) => (Progress(swap, progressed.Progress, now), []),
            (SwapState.Loading, SwapInput.Named) => (Enter(swap, SwapState.Probing, SwapStepKind.FirstAnswer, now), []),
            (SwapState.Loading or SwapState.Probing, SwapInput.Generated generated) => (Answered(swap with { TokenAt = generated.At }, now), []),
            (SwapState.Launching or SwapState.Loading or SwapState.Probing, SwapInput.StartFailed failed) => RollBack(Fail(swap, failed.Failure), now),
            (_, SwapInput.Wrote wrote) => (swap with { Job = swap.Job with { LogTail = Last(swap.Job.LogTail.Add(wrote.Line)) } }, []),
            _ => (swap, []),
        };
    }

    private static LaneSwap Prove(LaneSwap swap, bool begins, DateTimeOffset now)
    {
        ImmutableArray<SwapStep> steps = begins ? [.. Waited(swap), new SwapStep(SwapStepKind.FirstAnswer, now)] : [.. Waited(swap)];
        return swap.Job.Steps.Length == steps.Length ? swap : swap with { Job = swap.Job with { Steps = steps } };
    }

    private static IEnumerable<SwapStep> Waited(LaneSwap swap) => swap.Job.Steps.Where(step => step.Kind == SwapStepKind.Queue);

    /// <summary>
    /// What a job needs after the appliance itself was restarted. Only looking is repeated blindly: stopping is idempotent, and a launch whose outcome is
    /// unknown is looked for, never given again.
    /// </summary>
    private static (LaneSwap Next, ImmutableArray<SwapEffect> Effects) Resume(LaneSwap swap) => swap.Job.State switch
    {
        SwapState.Queued or SwapState.Preflight => (swap, [new SwapEffect.CheckFirst(swap.Wanted)]),
        SwapState.Draining => (swap, [new SwapEffect.Drain()]),
        SwapState.Stopping => (swap with { IsGone = false }, [new SwapEffect.StopServers(IsRepeat: true)]),
        SwapState.Launching => (swap, [new SwapEffect.FindLaunched(swap.Starting!)]),
        SwapState.Loading or SwapState.Probing => (swap with { Job = swap.Job with { State = SwapState.Loading } }, [new SwapEffect.AwaitServer(swap.Starting!)]),
        _ => (swap, []),
    };

    private static (LaneSwap Next, ImmutableArray<SwapEffect> Effects) AfterStop(LaneSwap swap, bool wasThere, DateTimeOffset now)
    {
        if (swap.Starting is { } target)
        {
            swap = swap with { IsGone = true };
            return wasThere
                ? (Enter(swap, SwapState.Stopping, SwapStepKind.WaitMemory, now), [new SwapEffect.AwaitMemory(target, IsLastResort: swap.IsRollingBack)])
                : Launch(swap, target, now);
        }

        return swap.Job.Kind == SwapKind.Stop && !swap.IsRollingBack
            ? (End(swap, SwapState.Live, now), [])
            : (End(swap, swap.IsCancelled ? SwapState.Cancelled : SwapState.Failed, now, swap.Job.Failure), []);
    }

    private static (LaneSwap Next, ImmutableArray<SwapEffect> Effects) Launch(LaneSwap swap, SwapTarget target, DateTimeOffset now) =>
        (Enter(swap, SwapState.Launching, SwapStepKind.Launch, now) with { LaunchedAt = now }, [new SwapEffect.Launch(target)]);

    private static LaneSwap Answered(LaneSwap swap, DateTimeOffset now)
    {
        if (!swap.IsRollingBack)
        {
            return End(swap, SwapState.Live, now);
        }

        var restored = swap with { Job = swap.Job with { RolledBackTo = swap.Previous!.Id } };
        return End(restored, swap.IsCancelled ? SwapState.Cancelled : SwapState.RolledBack, now, swap.Job.Failure);
    }

    /// <summary>Brings the previous model back, once: crash loops can hang a Spark (eugr/spark-vllm-docker#257).</summary>
    private static (LaneSwap Next, ImmutableArray<SwapEffect> Effects) RollBack(LaneSwap swap, DateTimeOffset now)
    {
        if (swap.IsRollingBack)
        {
            // Nothing is left to try, but the half-started server must not stay behind.
            swap = swap with { Previous = null };
        }
        else if (swap is { RollBackRefusal: { } refusal, Job.Failure: { } failure })
        {
            swap = swap with { Previous = null, Job = swap.Job with { Failure = failure with { Message = $"{failure.Message} {refusal}" } } };
        }

        swap = swap with
        {
            IsRollingBack = true,
            IsGone = false,
            LaunchedAt = null,
            Estimate = null,
            Job = swap.Job with
            {
                Eta = null,
                Progress = 0,
                Steps = swap.Job.Steps.Any(step => step.Kind == SwapStepKind.RollBack) ? swap.Job.Steps : swap.Job.Steps.Add(new SwapStep(SwapStepKind.RollBack)),
            },
        };
        return (Enter(swap, SwapState.Stopping, SwapStepKind.RollBack, now), [new SwapEffect.Abandon(), new SwapEffect.StopServers(IsRepeat: true)]);
    }

    /// <summary>During a rollback the one step that runs is the rollback, whatever the state.</summary>
    private static LaneSwap Enter(LaneSwap swap, SwapState state, SwapStepKind step, DateTimeOffset now)
    {
        step = swap.IsRollingBack ? SwapStepKind.RollBack : step;
        var job = swap.Job with
        {
            State = state,
            Steps = SwapSteps.Enter(swap.Job.Steps, step, now),
            Progress = Math.Max(swap.Job.Progress, SwapSteps.ProgressAtStart(state)),
        };
        return swap with { Job = job };
    }

    private static LaneSwap Progress(LaneSwap swap, StartupProgress progress, DateTimeOffset now)
    {
        var step = swap.IsRollingBack ? SwapStepKind.RollBack : progress.Phase <= StartupPhase.Weights ? SwapStepKind.Load : SwapStepKind.WarmUp;
        var job = swap.Job with
        {
            Steps = SwapSteps.Detail(SwapSteps.Enter(swap.Job.Steps, step, now), step, progress.Detail),
            Progress = Math.Max(swap.Job.Progress, SwapSteps.ProgressWhileLoading(progress.Fraction)),
        };
        return WithEta(swap with { Job = job }, now);
    }

    /// <summary>The time that is left, from this model's own history; never promised below five seconds while it still runs.</summary>
    private static LaneSwap WithEta(LaneSwap swap, DateTimeOffset now)
    {
        if (swap.Estimate is not { } estimate || swap.LaunchedAt is not { } launched)
        {
            return swap;
        }

        var left = estimate.P50 - (now - launched);
        return swap with { Job = swap.Job with { Eta = left > SwapSteps.ShortestEta ? left : SwapSteps.ShortestEta } };
    }

    private static LaneSwap End(LaneSwap swap, SwapState state, DateTimeOffset now, SwapFailure? failure = null)
    {
        var worked = state == SwapState.Live || swap.Job.RolledBackTo is not null;
        return swap with
        {
            Job = swap.Job with
            {
                State = state,
                EndedAt = now,
                Eta = null,
                Position = null,
                Failure = failure,
                Progress = worked ? 100 : swap.Job.Progress,
                Steps = SwapSteps.Close(swap.Job.Steps, now),
            },
        };
    }

    private static LaneSwap Cancel(LaneSwap swap, string by) => Fail(
        swap with { IsCancelled = true },
        new SwapFailure("cancelled", $"The change to {swap.Job.ModelName} was cancelled by {by}.", null, []));

    private static LaneSwap NoteCut(LaneSwap swap, int cut) => cut == 0
        ? swap
        : Remark(swap, cut == 1 ? "One answer did not finish in time and was cut." : $"{cut} answers did not finish in time and were cut.");

    private static LaneSwap Remark(LaneSwap swap, string? remark) =>
        remark is null ? swap : swap with { Job = swap.Job with { Remarks = swap.Job.Remarks.Add(remark) } };

    private static LaneSwap Fail(LaneSwap swap, SwapFailure failure) => swap with { Job = swap.Job with { Failure = Both(swap.Job.Failure, failure) } };

    /// <summary>The first failure is the cause; a second one (of the rollback) is told in the same breath.</summary>
    private static SwapFailure Both(SwapFailure? first, SwapFailure second) =>
        first is null || ReferenceEquals(first, second)
            ? second
            : first with { Message = $"{first.Message} Afterwards the previous model did not come back either: {second.Message}", Advice = second.Advice ?? first.Advice };

    private static ImmutableArray<string> Last(ImmutableArray<string> lines) => lines.Length <= LogTailLines ? lines : lines[^LogTailLines..];
}
