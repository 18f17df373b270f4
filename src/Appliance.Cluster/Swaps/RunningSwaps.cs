using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// The jobs under way, at most one per lane, and the order in which a decision is taken over: the journal first, then the viewers, then the hosts. Used by
/// the engine's loop only.
/// </summary>
internal sealed partial class RunningSwaps(
    SwapEffects effects,
    SwapJournal journal,
    SwapPublisher publisher,
    SwapFeeds feeds,
    SwapMailbox mailbox,
    EpochCounter epochs,
    TaskScheduler scheduler,
    TimeProvider time,
    ILogger<RunningSwaps> logger) : IAsyncDisposable
{
    private readonly Dictionary<LaneId, LaneRun> _runs = [];
    private long _effectNumber;

    /// <summary>The job that runs on a lane, or null.</summary>
    public LaneSwap? Find(LaneId lane) => _runs.GetValueOrDefault(lane)?.Swap;

    /// <summary>A running job, or null.</summary>
    public LaneSwap? Find(SwapJobId id) => _runs.Values.FirstOrDefault(run => run.Swap.Job.Id == id)?.Swap;

    /// <summary>Begins an accepted job: it is stored and told of before anything happens. The lane must be free.</summary>
    public async Task<SwapJob> BeginAsync(LaneSwap swap, CancellationToken cancellationToken)
    {
        var begun = SwapMachine.Begin(swap, time.GetUtcNow());
        await publisher.AnnounceAsync(begun.Next, cancellationToken);
        var run = _runs[swap.Job.Lane] = NewRun(swap);
        await AdvanceAsync(run, begun, cancellationToken);
        return begun.Next.Job;
    }

    /// <summary>Takes up a job that the last life of the appliance did not end.</summary>
    public async Task ResumeAsync(LaneSwap swap, CancellationToken cancellationToken)
    {
        LogResumed(swap.Job.Id.Value, swap.Job.ModelName, swap.Job.State);
        var run = _runs[swap.Job.Lane] = NewRun(swap);
        var next = swap.Job.State.IsTerminal() ? (swap, []) : SwapMachine.Decide(swap, new SwapInput.Resumed(), time.GetUtcNow());
        await AdvanceAsync(run, next, cancellationToken);
    }

    /// <summary>A running job hears something; the job afterwards.</summary>
    public async Task<SwapJob> TellAsync(SwapJob job, SwapInput input, CancellationToken cancellationToken)
    {
        var run = _runs[job.Lane];
        await AdvanceAsync(run, SwapMachine.Decide(run.Swap, input, time.GetUtcNow()), cancellationToken);
        return run.Swap.Job;
    }

    /// <summary>An effect speaks; one that was abandoned is not heard.</summary>
    public async Task HearAsync(SwapCommand.Hear hear, CancellationToken cancellationToken)
    {
        if (_runs.TryGetValue(hear.Lane, out var run) && run.EffectNumber == hear.Effect)
        {
            if (hear.Input is SwapInput.PreflightPassed { NewestEpoch: var seen } && seen >= run.Swap.Job.Epoch)
            {
                // A new installation on hosts that others have used: the job's first fenced command comes after this is in the journal.
                epochs.RaiseTo(seen);
                run.Swap = run.Swap with { Job = run.Swap.Job with { Epoch = epochs.Next() } };
            }

            await AdvanceAsync(run, SwapMachine.Decide(run.Swap, hear.Input, time.GetUtcNow()), cancellationToken);
        }
    }

    /// <summary>Ends our watching. What runs on the hosts goes on; the journal knows where to take it up again.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs.Values)
        {
            await run.DisposeAsync();
        }
    }

    private LaneRun NewRun(LaneSwap swap) => new(swap, feeds.Open(swap.Job.Id), scheduler);

    private async Task AdvanceAsync(LaneRun run, (LaneSwap Next, ImmutableArray<SwapEffect> Effects) decision, CancellationToken cancellationToken)
    {
        var (before, next) = (run.Swap.Job, decision.Next.Job);
        var isStateChange = before.State != next.State || decision.Effects.Length > 0;
        if (next.State.IsTerminal())
        {
            await run.AbandonAsync();
            await publisher.FinishAsync(decision.Next, run.Feed.Lines(), cancellationToken);
            _runs.Remove(next.Lane);
        }
        else if (isStateChange)
        {
            await journal.SaveAsync(decision.Next, cancellationToken);
        }

        run.Swap = decision.Next;
        if (isStateChange)
        {
            LogState(next.Id.Value, next.ModelName, next.State, next.Progress);
        }

        if (!ReferenceEquals(before, next) || isStateChange)
        {
            publisher.Publish(run, before, isStateChange);
        }

        if (next.State.IsTerminal())
        {
            return;
        }

        foreach (var effect in decision.Effects)
        {
            await StartAsync(run, effect);
        }
    }

    private async Task StartAsync(LaneRun run, SwapEffect effect)
    {
        await run.AbandonAsync();
        run.EffectNumber = ++_effectNumber;
        if (effect is not SwapEffect.Abandon)
        {
            var (swap, number) = (run.Swap, run.EffectNumber);
            run.Start(token => CarryOutAsync(swap, number, effect, token));
        }
    }

    private async Task CarryOutAsync(LaneSwap swap, long number, SwapEffect effect, CancellationToken cancellationToken)
    {
        SwapInput? result;
        try
        {
            result = await effects.RunAsync(swap, effect, Report, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogEffectFailed(exception, swap.Job.Id.Value, effect.GetType().Name);
            result = SwapFaults.Internal(effect);
        }

        if (result is not null)
        {
            await mailbox.PostAsync(new SwapCommand.Hear(swap.Job.Lane, number, result), cancellationToken);
        }

        void Report(SwapInput input) => mailbox.Offer(new SwapCommand.Hear(swap.Job.Lane, number, input));
    }

    [LoggerMessage(LogLevel.Information, "Swap {Job}: {Model} is {State} at {Progress:0} %")]
    private partial void LogState(string job, string model, SwapState state, double progress);

    [LoggerMessage(LogLevel.Information, "Swap {Job}: taken up again after a restart, {Model} was {State}")]
    private partial void LogResumed(string job, string model, SwapState state);

    [LoggerMessage(LogLevel.Error, "Swap {Job}: {Effect} ended with an unexpected error")]
    private partial void LogEffectFailed(Exception exception, string job, string effect);
}
