using System.Collections.Immutable;
using Appliance.Cluster.Health;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Appliance.Simulation.Machines;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Simulation.Mistakes;

/// <summary>Puts one mistake into the real engine from outside: into its decisions, into what it says to the machines and hears from them, or into its file.</summary>
internal static class Planted
{
    private const string Ends = "'swap_complete', 'swap_failed', 'lane_stopped'";

    /// <summary>The decisions with the mistake in them.</summary>
    public static SwapDecisions Decisions(Mistake mistake) => PlantedLock.Change(
        mistake,
        new SwapDecisions { Machine = Machine(mistake), Turn = Turn(mistake), Proof = mistake == Mistake.SeenCountsAsRunning ? (_, _, _) => true : AnswerProof.Decide });

    /// <summary>What lies between the appliance and the machines.</summary>
    public static Tampering Tampering(Mistake mistake) => mistake switch
    {
        Mistake.GoneIsAssumed => new Tampering { Hear = (command, outcome) => command.Script is { Name: "look-at-server" } ? new ShellOutcome.Completed(0, "gone\n", "") : outcome },
        Mistake.FenceForgotten => new Tampering { Say = command => command with { Fence = null } },
        Mistake.LaunchWithoutName => new Tampering { Say = command => command with { RunId = null } },
        _ => new Tampering(),
    };

    /// <summary>How model servers are asked.</summary>
    public static IModelProbe Probe(Mistake mistake, IModelProbe probe) => mistake == Mistake.ProbeBelievesNames ? new BelievingProbe(probe) : probe;

    /// <summary>What the appliance believes before it has looked.</summary>
    public static void Mislead(Mistake mistake, ClusterView view)
    {
        if (mistake == Mistake.ActsBeforeLooking)
        {
            view.Update(snapshot => snapshot with
            {
                Models = Template.Menu,
                ModelsAreKnown = true,
                Hosts = [.. snapshot.Hosts.Select(host => host with { ObservedAt = snapshot.ObservedAt })],
                Lanes = [.. snapshot.Lanes.Select(lane => lane with { Condition = new Condition(ConditionKind.Starting) })],
            });
        }
    }

    /// <summary>Spoils the file.</summary>
    public static void Spoil(Mistake mistake, SqliteConnection file)
    {
        if (FindTrigger(mistake) is { } trigger)
        {
            file.Execute($"CREATE TRIGGER mistake {trigger}");
        }
    }

    private static string? FindTrigger(Mistake mistake) => mistake switch
    {
        Mistake.LaunchNotJournalled => "BEFORE UPDATE ON swap_jobs WHEN NEW.state = 'Launching' BEGIN SELECT RAISE(IGNORE); END",
        Mistake.EndNotStored => "BEFORE UPDATE ON swap_jobs WHEN NEW.ended_at IS NOT NULL BEGIN SELECT RAISE(IGNORE); END",
        Mistake.EventLost => "AFTER INSERT ON events WHEN NEW.type = 'swap_failed' BEGIN DELETE FROM events WHERE id = NEW.id; END",
        Mistake.EventTwice =>
            $"""
            AFTER INSERT ON events WHEN NEW.type IN ({Ends}) BEGIN
                INSERT INTO events (at, type, severity, component, correlation, sentence, details)
                VALUES (NEW.at, NEW.type, NEW.severity, NEW.component, NEW.correlation, NEW.sentence, NEW.details);
            END
            """,
        Mistake.MessageTwice =>
            """
            AFTER INSERT ON webhooks WHEN NEW.job_id IS NOT NULL BEGIN
                INSERT INTO webhooks (id, event, subject, body, state, attempts, failures, created_at, wait, waited)
                VALUES (NEW.id || '2', NEW.event, NEW.subject, NEW.body, NEW.state, 0, 0, NEW.created_at, 0, 0);
            END
            """,
        Mistake.MessageLost => "BEFORE INSERT ON webhooks WHEN NEW.body LIKE '%cancelled%' BEGIN SELECT RAISE(IGNORE); END",
        Mistake.WaitingNotStored => "BEFORE INSERT ON swap_jobs WHEN NEW.state = 'Queued' BEGIN SELECT RAISE(IGNORE); END",
        Mistake.LockNotStored => "AFTER INSERT ON reservations BEGIN UPDATE reservations SET ended_at = acquired_at WHERE epoch = NEW.epoch; END",
        _ => null,
    };

    private static Func<LaneSwap, SwapInput, DateTimeOffset, (LaneSwap Next, ImmutableArray<SwapEffect> Effects)> Machine(Mistake mistake) => (swap, input, now) =>
    {
        var (next, effects) = SwapMachine.Decide(swap, input, now);
        return mistake switch
        {
            Mistake.LaunchBeforeStop when effects is [SwapEffect.StopServers] && !swap.IsRollingBack && swap.Wanted is { } wanted => Launch(next, wanted),
            Mistake.NotGoneIsGone when input is SwapInput.NotGone => SwapMachine.Decide(swap, new SwapInput.SeenGone(WasThere: false), now),
            Mistake.MemoryNotAwaited when effects is [SwapEffect.AwaitMemory memory] => Launch(next, memory.Target),
            Mistake.LogNotKept when effects is [SwapEffect.KeepLog] => SwapMachine.Decide(next, new SwapInput.LogKept(), now),
            Mistake.RollbackForgotten when input is SwapInput.StartFailed failed && !swap.IsRollingBack && !next.Job.State.IsTerminal() => End(swap, SwapState.Failed, now, failed.Failure),
            Mistake.RollbackWithoutBudget when input is SwapInput.StartFailed && swap is { IsRollingBack: true, Previous: { } previous } => (next with { Previous = previous }, effects),
            Mistake.RollbackNotProved when input is SwapInput.Launched && swap is { IsRollingBack: true, Previous: { } previous } =>
                End(swap with { Job = swap.Job with { RolledBackTo = previous.Id } }, SwapState.RolledBack, now, swap.Job.Failure),
            Mistake.LiveWithoutToken when input is SwapInput.Named && !swap.IsRollingBack => End(next, SwapState.Live, now),
            Mistake.LiveAtLaunch when input is SwapInput.Launched && swap is { IsRollingBack: false, IsCancelled: false } => End(next, SwapState.Live, now),
            Mistake.CancelForgotten when input is SwapInput.CancelRequested => (swap, []),
            Mistake.CancelWithoutRollback when input is SwapInput.CancelRequested && !next.Job.State.IsTerminal() && next.IsCancelled =>
                End(swap, SwapState.Cancelled, now, next.Job.Failure),
            Mistake.JobForgottenAfterRestart when input is SwapInput.Resumed => (swap, []),
            Mistake.LaunchTrustedAfterRestart when input is SwapInput.Resumed && swap is { Job.State: SwapState.Launching, IsRollingBack: false } => End(swap, SwapState.Live, now),
            Mistake.RefusalIgnored when input is SwapInput.Superseded superseded => SwapMachine.Decide(swap, new SwapInput.StartFailed(superseded.Failure), now),
            _ => (next, effects),
        };
    };

    private static Func<ImmutableArray<SwapJob>, Cluster.Primitives.ModelId?, TimeSpan?, TimeSpan, QueueTurn> Turn(Mistake mistake) => (waiting, running, stayed, stay) =>
    {
        var turn = QueueTurn.Decide(waiting, running, stayed, stay);
        return mistake switch
        {
            Mistake.QueueIsStack when turn is QueueTurn.Begin => new QueueTurn.Begin(waiting[^1].Id),
            Mistake.QueueStandsStill => new QueueTurn.Nobody(),
            Mistake.QueueFulfilsAnything when !waiting.IsEmpty => new QueueTurn.Fulfilled(waiting[0].Id),
            _ => turn,
        };
    };

    private static (LaneSwap Next, ImmutableArray<SwapEffect> Effects) Launch(LaneSwap swap, SwapTarget target) =>
        (swap with { Job = swap.Job with { State = SwapState.Launching } }, [new SwapEffect.Launch(target)]);

    private static (LaneSwap Next, ImmutableArray<SwapEffect> Effects) End(LaneSwap swap, SwapState state, DateTimeOffset now, SwapFailure? failure = null) =>
        (swap with { Job = swap.Job with { State = state, EndedAt = now, Failure = failure } }, []);
}
