using System.Collections.Immutable;
using System.Threading.Channels;
using Appliance.Cluster.Primitives;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Makes wanted models the running ones. One loop owns the state of all lanes; callers ask for an outcome and never for a step. Thread-safe.
/// Jobs belong to the engine: they go on when the caller leaves, and are taken up again when the appliance was restarted.
/// </summary>
public sealed partial class SwapEngine : BackgroundService
{
    /// <summary>An idempotency key is remembered this long.</summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    // Full means that the loop hangs on the disk: callers then wait, and lines of logs are dropped.
    private readonly Channel<SwapCommand> _commands = Channel.CreateBounded<SwapCommand>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly Dictionary<LaneId, LaneRun> _running = [];
    private readonly SwapAdmission _admission;
    private readonly SwapEffects _effects;
    private readonly SwapJournal _journal;
    private readonly SwapPublisher _publisher;
    private readonly SwapFeeds _feeds;
    private readonly SwapRecords _records;
    private readonly SwapRecovery _recovery;
    private readonly TimeProvider _time;
    private readonly ILogger<SwapEngine> _logger;
    private long _epoch;
    private long _effectNumber;

    internal SwapEngine(
        SwapAdmission admission,
        SwapEffects effects,
        SwapJournal journal,
        SwapPublisher publisher,
        SwapFeeds feeds,
        SwapRecords records,
        SwapRecovery recovery,
        TimeProvider time,
        ILogger<SwapEngine> logger)
    {
        (_admission, _effects, _journal, _publisher, _feeds, _records, _recovery, _time, _logger) =
            (admission, effects, journal, publisher, feeds, records, recovery, time, logger);
    }

    /// <summary>Asks that a model answers on a lane. Answers when the job is accepted (and durable) or refused; the job itself goes on.</summary>
    public Task<SwapOutcome> RequestAsync(SwapRequest request, CancellationToken cancellationToken) =>
        AskAsync<SwapOutcome>(answer => new SwapCommand.Request(request, answer), cancellationToken);

    /// <summary>Asks that nothing runs on a lane. Stopping is a job of its own.</summary>
    public Task<SwapOutcome> StopAsync(LaneId lane, string requestedBy, CancellationToken cancellationToken) =>
        AskAsync<SwapOutcome>(answer => new SwapCommand.Stop(lane, requestedBy, answer), cancellationToken);

    /// <summary>Asks that a job be undone and the previous model brought back. Null for an unknown job; a job that has ended stays as it is.</summary>
    public Task<SwapJob?> CancelAsync(SwapJobId id, string requestedBy, CancellationToken cancellationToken) =>
        AskAsync<SwapJob?>(answer => new SwapCommand.Cancel(id, requestedBy, answer), cancellationToken);

    /// <summary>What a swap would do: <see cref="SwapOutcome.Planned"/>, or the refusal that a request would get now. Touches nothing.</summary>
    public async Task<SwapOutcome> PlanAsync(SwapRequest request, CancellationToken cancellationToken)
    {
        var verdict = _admission.Decide(request, _publisher.FindRunning(request.Lane));
        if (verdict is not SwapAdmission.Verdict.Admitted admitted)
        {
            return ((SwapAdmission.Verdict.Refused)verdict).Outcome;
        }

        var recent = await _journal.ReadRecentAsync(50, cancellationToken);
        return new SwapOutcome.Planned(new SwapPlan
        {
            Model = admitted.Card,
            Lane = admitted.Lane,
            Launch = admitted.Launch,
            Stops = admitted.Now.Serving?.Name,
            RunningRequests = admitted.Now.Serving?.Running,
            Fit = admitted.Card.Fit,
            Estimate = await _journal.FindEstimateAsync(admitted.Lane.Id, admitted.Card.Id, cancellationToken),
            LastOutcomes = [.. recent.Where(job => job.Lane == admitted.Lane.Id && job.Kind == SwapKind.Swap && job.State.IsTerminal()).Take(10).Select(job => job.State)],
        });
    }

    /// <summary>The job, running or ended; null when there is none of that id.</summary>
    public Task<SwapJob?> FindAsync(SwapJobId id, CancellationToken cancellationToken) => _records.FindAsync(id, cancellationToken);

    /// <summary>The newest jobs, newest first; <paramref name="limit"/> 1 to 200.</summary>
    public Task<ImmutableArray<SwapJob>> ReadRecentAsync(int limit, CancellationToken cancellationToken) => _records.ReadRecentAsync(limit, cancellationToken);

    /// <summary>The server's log of a job, oldest line first; empty when nothing was written or nothing is kept.</summary>
    public Task<ImmutableArray<string>> ReadLogAsync(SwapJobId id, CancellationToken cancellationToken) => _records.ReadLogAsync(id, cancellationToken);

    /// <summary>
    /// The updates of a job after a number (0 is from the beginning), to its end. An unknown job has none. Of a job that ended long ago, the log and the end
    /// are told.
    /// </summary>
    public IAsyncEnumerable<SwapUpdate> FollowAsync(SwapJobId id, long after, CancellationToken cancellationToken) =>
        _records.FollowAsync(id, after, cancellationToken);

    /// <summary>The job when it has ended, or as it is after <paramref name="limit"/>; null for an unknown job.</summary>
    public Task<SwapJob?> WaitAsync(SwapJobId id, TimeSpan limit, CancellationToken cancellationToken) => _records.WaitAsync(id, limit, cancellationToken);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _epoch = await _journal.ReadEpochAsync(stoppingToken);
        _publisher.ShowLast(await _journal.ReadLastPerLaneAsync(stoppingToken));
        await ResumeAsync(stoppingToken);
        try
        {
            await foreach (var command in _commands.Reader.ReadAllAsync(stoppingToken))
            {
                await HandleAsync(command, stoppingToken);
            }
        }
        finally
        {
            // What runs on the hosts goes on; only our watching ends. The journal knows where to take it up again.
            foreach (var run in _running.Values)
            {
                await run.DisposeAsync();
            }
        }
    }

    private async Task<T> AskAsync<T>(Func<TaskCompletionSource<T>, SwapCommand> command, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _commands.Writer.WriteAsync(command(answer), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    private async Task ResumeAsync(CancellationToken stoppingToken)
    {
        foreach (var stored in await _journal.ReadUnfinishedAsync(stoppingToken))
        {
            var swap = await _recovery.TakeUpAsync(stored, stoppingToken);
            LogResumed(swap.Job.Id.Value, swap.Job.ModelName, swap.Job.State);
            var run = _running[swap.Job.Lane] = new LaneRun(swap, _feeds.Open(swap.Job.Id));
            var next = swap.Job.State.IsTerminal() ? (swap, []) : SwapMachine.Decide(swap, new SwapInput.Resumed(), _time.GetUtcNow());
            await AdvanceAsync(run, next, stoppingToken);
        }
    }

    private async Task HandleAsync(SwapCommand command, CancellationToken stoppingToken)
    {
        try
        {
            switch (command)
            {
                case SwapCommand.Request request:
                    request.Answer.TrySetResult(await AdmitAsync(request.Wish, stoppingToken));
                    break;
                case SwapCommand.Stop stop:
                    stop.Answer.TrySetResult(await AdmitStopAsync(stop.Lane, stop.By, stoppingToken));
                    break;
                case SwapCommand.Cancel cancel:
                    cancel.Answer.TrySetResult(await CancelNowAsync(cancel, stoppingToken));
                    break;
                case SwapCommand.Hear hear when _running.TryGetValue(hear.Lane, out var run) && run.EffectNumber == hear.Effect:
                    await AdvanceAsync(run, SwapMachine.Decide(run.Swap, hear.Input, _time.GetUtcNow()), stoppingToken);
                    break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // The journal could not be written or read: nothing was begun, and the caller is told.
            LogCommandFailed(exception, command.GetType().Name);
            command.Fail(exception);
        }
    }

    private async Task<SwapOutcome> AdmitAsync(SwapRequest request, CancellationToken cancellationToken)
    {
        var fingerprint = $"{request.Lane}\n{request.Model}";
        if (request.IdempotencyKey is { } key && await _journal.FindByKeyAsync(key, _time.GetUtcNow() - KeyLifetime, cancellationToken) is { } earlier)
        {
            var job = await FindAsync(SwapJobId.Parse(earlier.Id), cancellationToken) ?? earlier.ToJob();
            return earlier.Request == fingerprint ? new SwapOutcome.Accepted(job) : new SwapOutcome.KeyReused(job);
        }

        var verdict = _admission.Decide(request, _running.GetValueOrDefault(request.Lane)?.Swap.Job);
        if (verdict is not SwapAdmission.Verdict.Admitted admitted)
        {
            return ((SwapAdmission.Verdict.Refused)verdict).Outcome;
        }

        var previous = _recovery.FindPrevious(admitted.Now);
        return await BeginAsync(
            new LaneSwap
            {
                Job = new SwapJob
                {
                    Id = SwapJobId.New(),
                    Lane = request.Lane,
                    Kind = SwapKind.Swap,
                    Model = admitted.Card.Id,
                    ModelName = admitted.Card.Name,
                    ServedName = admitted.Launch.ServedName,
                    State = SwapState.Queued,
                    RequestedBy = request.RequestedBy,
                    Note = request.Note,
                    Epoch = ++_epoch,
                    StartedAt = _time.GetUtcNow(),
                    From = admitted.Now.Serving?.Id ?? previous?.Id,
                    FromName = admitted.Now.Serving?.Name ?? previous?.Name,
                },
                Wanted = admitted.Target,
                Previous = previous,
                IdempotencyKey = request.IdempotencyKey,
                RequestFingerprint = request.IdempotencyKey is null ? null : fingerprint,
                Estimate = await _journal.FindEstimateAsync(request.Lane, admitted.Card.Id, cancellationToken),
            },
            cancellationToken);
    }

    private async Task<SwapOutcome> AdmitStopAsync(LaneId lane, string by, CancellationToken cancellationToken)
    {
        if (_running.GetValueOrDefault(lane) is { } run)
        {
            return new SwapOutcome.InProgress(run.Swap.Job);
        }

        if (_publisher.FindLane(lane) is not { } now)
        {
            return _admission.UnknownLane();
        }

        if (now is { Serving: null, Condition.Kind: Health.ConditionKind.Stopped })
        {
            return new SwapOutcome.AlreadySo(null);
        }

        return await BeginAsync(
            new LaneSwap
            {
                Job = new SwapJob
                {
                    Id = SwapJobId.New(),
                    Lane = lane,
                    Kind = SwapKind.Stop,
                    Model = now.Serving?.Id,
                    ModelName = now.Serving?.Name ?? "The model",
                    State = SwapState.Queued,
                    RequestedBy = by,
                    Epoch = ++_epoch,
                    StartedAt = _time.GetUtcNow(),
                    From = now.Serving?.Id,
                    FromName = now.Serving?.Name,
                },
            },
            cancellationToken);
    }

    private async Task<SwapOutcome> BeginAsync(LaneSwap swap, CancellationToken cancellationToken)
    {
        var run = new LaneRun(swap, _feeds.Open(swap.Job.Id));
        var begun = SwapMachine.Begin(swap, _time.GetUtcNow());
        await _publisher.AnnounceAsync(begun.Next, cancellationToken);
        _running[swap.Job.Lane] = run;
        await AdvanceAsync(run, begun, cancellationToken);
        return new SwapOutcome.Accepted(begun.Next.Job);
    }

    private async Task<SwapJob?> CancelNowAsync(SwapCommand.Cancel cancel, CancellationToken cancellationToken)
    {
        if (_running.Values.FirstOrDefault(run => run.Swap.Job.Id == cancel.Job) is not { } run)
        {
            return await _journal.FindAsync(cancel.Job, cancellationToken);
        }

        await AdvanceAsync(run, SwapMachine.Decide(run.Swap, new SwapInput.CancelRequested(cancel.By), _time.GetUtcNow()), cancellationToken);
        return run.Swap.Job;
    }

    /// <summary>Takes a decision over: intent to the journal first, then to the viewers, then to the hosts.</summary>
    private async Task AdvanceAsync(LaneRun run, (LaneSwap Next, ImmutableArray<SwapEffect> Effects) decision, CancellationToken stoppingToken)
    {
        var (before, next) = (run.Swap.Job, decision.Next.Job);
        var isStateChange = before.State != next.State || decision.Effects.Length > 0;
        if (next.State.IsTerminal())
        {
            await run.AbandonAsync();
            await _publisher.FinishAsync(decision.Next, run.Feed.Lines(), stoppingToken);
            _running.Remove(next.Lane);
        }
        else if (isStateChange)
        {
            await _journal.SaveAsync(decision.Next, stoppingToken);
        }

        run.Swap = decision.Next;
        if (isStateChange)
        {
            LogState(next.Id.Value, next.ModelName, next.State, next.Progress);
        }

        if (!ReferenceEquals(before, next) || isStateChange)
        {
            _publisher.Publish(run, before, isStateChange);
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
            run.Start(token => CarryOutAsync(run.Swap, run.EffectNumber, effect, token));
        }
    }

    private async Task CarryOutAsync(LaneSwap swap, long number, SwapEffect effect, CancellationToken cancellationToken)
    {
        SwapInput? result;
        try
        {
            result = await _effects.RunAsync(swap, effect, Report, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogEffectFailed(exception, swap.Job.Id.Value, effect.GetType().Name);
            result = SwapFaults.Internal(effect);
        }

        if (result is not null)
        {
            await _commands.Writer.WriteAsync(new SwapCommand.Hear(swap.Job.Lane, number, result), cancellationToken);
        }

        // A report that finds the channel full is progress or a line of a log: losing it harms nothing.
        void Report(SwapInput input) => _commands.Writer.TryWrite(new SwapCommand.Hear(swap.Job.Lane, number, input));
    }

    [LoggerMessage(LogLevel.Information, "Swap {Job}: {Model} is {State} at {Progress:0} %")]
    private partial void LogState(string job, string model, SwapState state, double progress);

    [LoggerMessage(LogLevel.Information, "Swap {Job}: taken up again after a restart, {Model} was {State}")]
    private partial void LogResumed(string job, string model, SwapState state);

    [LoggerMessage(LogLevel.Error, "The swap command {Command} could not be carried out")]
    private partial void LogCommandFailed(Exception exception, string command);

    [LoggerMessage(LogLevel.Error, "Swap {Job}: {Effect} ended with an unexpected error")]
    private partial void LogEffectFailed(Exception exception, string job, string effect);
}
