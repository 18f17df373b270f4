using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// How a decision about a job is taken over: the journal first, then the viewers, then the hosts. Used by the engine's loop only; what it starts on the
/// hosts runs beside the loop and comes back to it as commands.
/// </summary>
internal sealed partial class SwapCourse(
    SwapDecisions decisions,
    SwapEffects effects,
    SwapJournal journal,
    SwapPublisher publisher,
    SwapFeeds feeds,
    LaneLedger ledger,
    SwapMailbox mailbox,
    TaskScheduler scheduler,
    TimeProvider time,
    ILogger<SwapCourse> logger)
{
    private long _effectNumber;

    /// <summary>A job that something is about to happen to.</summary>
    public LaneRun NewRun(LaneSwap swap) => new(swap, feeds.Open(swap.Job.Id), scheduler);

    /// <summary>Begins a job: it is stored and told of before anything happens.</summary>
    public async Task BeginAsync(LaneRun run, CancellationToken cancellationToken)
    {
        var begun = SwapMachine.Begin(run.Swap, time.GetUtcNow());
        await publisher.AnnounceAsync(begun.Next, SwapSentences.Started(begun.Next.Job), cancellationToken);
        await CarryOnAsync(run, begun);
    }

    /// <summary>The job hears something.</summary>
    public async Task TellAsync(LaneRun run, SwapInput input, CancellationToken cancellationToken)
    {
        var decision = decisions.Machine(run.Swap, input, time.GetUtcNow());
        if (decision.Next.Job.State.IsTerminal())
        {
            await run.AbandonAsync();
            var record = ledger.Find(decision.Next.Job.Lane).After(decision.Next.Job);
            await publisher.FinishAsync(decision.Next, record, run.Feed.Lines(), cancellationToken);
            ledger.Take(record);
        }
        else if (IsStateChange(run.Swap, decision))
        {
            await journal.SaveAsync(decision.Next, cancellationToken);
        }

        await CarryOnAsync(run, decision);
    }

    /// <summary>The job changed in a way that only viewers care about.</summary>
    public void Show(LaneRun run, LaneSwap next)
    {
        run.Swap = next;
        run.Feed.Add(next.Job, isStateChange: false);
    }

    private async Task CarryOnAsync(LaneRun run, (LaneSwap Next, ImmutableArray<SwapEffect> Effects) decision)
    {
        var (before, next) = (run.Swap.Job, decision.Next.Job);
        var isStateChange = IsStateChange(run.Swap, decision);
        run.Swap = decision.Next;
        if (isStateChange)
        {
            LogState(next.Id.Value, next.ModelName, next.State, next.Progress);
        }

        if (!ReferenceEquals(before, next) || isStateChange)
        {
            publisher.Publish(run, before, isStateChange);
        }

        foreach (var effect in next.State.IsTerminal() ? [] : decision.Effects)
        {
            await StartAsync(run, effect);
        }
    }

    private static bool IsStateChange(LaneSwap before, (LaneSwap Next, ImmutableArray<SwapEffect> Effects) decision) =>
        before.Job.State != decision.Next.Job.State || decision.Effects.Length > 0;

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

    [LoggerMessage(LogLevel.Error, "Swap {Job}: {Effect} ended with an unexpected error")]
    private partial void LogEffectFailed(Exception exception, string job, string effect);
}
