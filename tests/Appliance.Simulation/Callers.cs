using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Swaps;
using Appliance.Demo.Cache;
using Appliance.Simulation.Machines;
using Appliance.Simulation.Rules;
using Appliance.Simulation.Running;

namespace Appliance.Simulation;

/// <summary>
/// The people and programs that ask the appliance for something. They know only what they are told, hold the tokens, and notice when they are told what cannot
/// be. Nobody hears the answer of an appliance that was killed meanwhile.
/// </summary>
internal sealed class Callers(Home home, Pump pump, LockRules locks, Action<string> fail, Action<string> note)
{
    /// <summary>Every job that was promised to somebody.</summary>
    public HashSet<SwapJobId> Accepted { get; } = [];

    /// <summary>Wants a model, with or without waiting for the turn, and with what is shown to be let past a reservation.</summary>
    public void Swap(Life life, LaneId lane, DemoModel model, bool queue, LanePass pass)
    {
        note($"swap {lane} to {model.Repo.Name}{(queue ? ", in turn" : "")}{Words(pass)}");
        Start(life, lane, pass, () => life.Swaps.RequestAsync(
            new SwapRequest { Lane = lane, Model = model.Repo.ToString(), RequestedBy = "Bob", Queue = queue, Pass = pass }, CancellationToken.None));
    }

    /// <summary>Wants nothing to run.</summary>
    public void Stop(Life life, LaneId lane, LanePass pass)
    {
        note($"stop {lane}{Words(pass)}");
        Start(life, lane, pass, () => life.Swaps.StopAsync(lane, pass, "Bob", CancellationToken.None));
    }

    /// <summary>A person wants a job undone, whoever has reserved the lane.</summary>
    public void Cancel(Life life, SwapJobId job)
    {
        note($"cancel {job}");
        Ask(life, () => life.Swaps.CancelAsync(job, LanePass.Force(), "Alice", CancellationToken.None), (outcome, _, _) => note($"cancel {job}: {outcome.GetType().Name}"));
    }

    /// <summary>Wants to keep a lane.</summary>
    public void Reserve(Life life, LaneId lane, TimeSpan ttl)
    {
        var ask = ReservationAsk.TryCreate(lane, "Carol's scheduler", ttlSeconds: ttl.TotalSeconds)!;
        note($"reserve {lane} for {ttl.TotalSeconds:0} s");
        Ask(life, () => life.Desk.ReserveAsync(ask, CancellationToken.None), (outcome, asked, answered) =>
        {
            note($"reserve {lane}: {outcome.GetType().Name}");
            if (outcome is ReservationOutcome.Granted granted)
            {
                locks.Granted(lane, granted, asked, answered);
            }
        });
    }

    /// <summary>A holder wants more time, or less.</summary>
    public void Extend(Life life, Hold hold, TimeSpan ttl)
    {
        var ask = ReservationAsk.TryCreate(hold.Lane, hold.Holder, ttlSeconds: ttl.TotalSeconds, token: hold.Token.Hash)!;
        note($"extend {hold.Lane} to {ttl.TotalSeconds:0} s");
        LockRules.Extending(hold, pump.Now, ttl);
        Ask(life, () => life.Desk.ReserveAsync(ask, CancellationToken.None), (outcome, asked, answered) =>
        {
            note($"extend {hold.Lane}: {outcome.GetType().Name}");
            locks.Extended(hold, outcome, asked, answered, ttl);
        });
    }

    /// <summary>A holder gives a lane back, or a person ends whatever holds it.</summary>
    public void Release(Life life, LaneId lane, LanePass pass)
    {
        note($"release {lane}{Words(pass)}");
        var ending = pass.IsForced ? locks.Begin(lane) : null;
        locks.GiveUp(pass.Token);
        Ask(life, () => life.Desk.ReleaseAsync(lane, pass, "Alice", CancellationToken.None), (outcome, _, answered) =>
        {
            note($"release {lane}: {outcome.GetType().Name}");
            ending?.AnsweredAt = answered;
            locks.Ended(outcome, answered);
        });
    }

    private void Start(Life life, LaneId lane, LanePass pass, Func<Task<SwapOutcome>> question)
    {
        var ending = pass.IsForced ? locks.Begin(lane) : null;
        Ask(life, question, (outcome, asked, answered) =>
        {
            ending?.AnsweredAt = answered;
            note(outcome is SwapOutcome.Accepted { Job: var job } ? $"accepted {job.Id} ({job.ModelName})" : $"refused: {outcome.GetType().Name}");
            if (outcome is SwapOutcome.Accepted accepted)
            {
                Accepted.Add(accepted.Job.Id);
                Judge(lane, pass, asked, answered);
            }
            else if (outcome is SwapOutcome.AlreadySo { Model: { } shown })
            {
                Judge(lane, shown, asked);
            }
            else if (outcome is SwapOutcome.Locked or SwapOutcome.WrongToken && pass.Token is { } token && locks.IsHolder(lane, token, asked, answered))
            {
                fail("the holder of a lane may change it");
            }
        });
    }

    private void Judge(LaneId lane, ModelCard shown, TimeSpan asked)
    {
        var token = home.FindPort(lane)?.FindLastToken(shown.Recipe?.ServedName ?? shown.Repo.ToString());
        if (!(token >= asked))
        {
            fail($"who is told that a model runs already is told so after it made a token: {shown.Name} was asked for at {asked}, and made its last one at {token}");
        }
    }

    private void Judge(LaneId lane, LanePass pass, TimeSpan asked, TimeSpan answered)
    {
        if (!pass.IsForced && locks.IsKept(lane, pass.Token, asked, answered))
        {
            fail("a lane that somebody has reserved is changed by nobody else");
        }

        if (!pass.IsForced && pass.Token is { } token && locks.IsWorthless(token, asked))
        {
            fail("a token that holds nothing lets nobody in");
        }
    }

    private void Ask<T>(Life life, Func<Task<T>> question, Action<T, TimeSpan, TimeSpan> hear)
    {
        var asked = pump.Now;
        _ = life.Ask(question).ContinueWith(
            answer =>
            {
                if (answer.IsCompletedSuccessfully)
                {
                    hear(answer.GetAwaiter().GetResult(), asked, pump.Now);
                }
                else
                {
                    note($"no answer: {answer.Exception?.GetBaseException().Message}");
                }
            },
            TaskContinuationOptions.ExecuteSynchronously);
    }

    private static string Words(LanePass pass) => pass switch
    {
        { IsForced: true } => ", by force",
        { Token: not null } => ", with a token",
        _ => "",
    };
}
