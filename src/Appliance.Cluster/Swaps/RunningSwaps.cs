using Appliance.Cluster.Engines;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>The jobs under way, at most one per lane. Used by the engine's loop only.</summary>
internal sealed partial class RunningSwaps(
    SwapCourse course, SwapJournal journal, SettlingSwaps settling, StartLedger starts, AnswerProofs proofs, EpochCounter epochs, ITopology topology, TimeProvider time, ILogger<RunningSwaps> logger)
    : IAsyncDisposable
{
    private readonly Dictionary<LaneId, LaneRun> _runs = [];
    private readonly Dictionary<LaneId, long> _upSince = [];

    /// <summary>The job that runs on a lane, or null.</summary>
    public LaneSwap? Find(LaneId lane) => _runs.GetValueOrDefault(lane)?.Swap;

    /// <summary>A running job, or null.</summary>
    public LaneSwap? Find(SwapJobId id) => _runs.Values.FirstOrDefault(run => run.Swap.Job.Id == id)?.Swap;

    /// <summary>How long ago a job of this life last left a model running on a lane; null when none did.</summary>
    public TimeSpan? FindStayed(LaneId lane) => _upSince.TryGetValue(lane, out var since) ? time.GetElapsedTime(since) : null;

    /// <summary>Begins an accepted job: it is stored and told of before anything happens. The lane must be free.</summary>
    public async Task<SwapJob> BeginAsync(LaneRun run, CancellationToken cancellationToken)
    {
        await settling.LeaveAsync(run.Swap.Job.Lane);
        await course.BeginAsync(run, cancellationToken);
        _runs[run.Swap.Job.Lane] = run;
        return run.Swap.Job;
    }

    /// <summary>A job that the last life of the appliance did not end has its lane again; nothing is done before <see cref="ResumeAsync"/>.</summary>
    public void Restore(LaneSwap swap) => _runs[swap.Job.Lane] = course.NewRun(swap);

    /// <summary>Takes up a restored job. When this throws, nothing was begun and it may be tried again; a job that went on by other means goes its way.</summary>
    public async Task ResumeAsync(SwapJobId id, CancellationToken cancellationToken)
    {
        if (_runs.Values.FirstOrDefault(run => run.Swap.Job.Id == id) is { EffectNumber: 0, Swap.Job: var job } run)
        {
            await TellAsync(run, new SwapInput.Resumed(), cancellationToken);
            LogResumed(id.Value, job.ModelName, job.State);
        }
    }

    /// <summary>A running job hears something; the job afterwards.</summary>
    public async Task<SwapJob> TellAsync(SwapJob job, SwapInput input, CancellationToken cancellationToken)
    {
        var run = _runs[job.Lane];
        await TellAsync(run, input, cancellationToken);
        return run.Swap.Job;
    }

    /// <summary>An effect speaks; one that was abandoned is not heard.</summary>
    public async Task HearAsync(SwapCommand.Hear hear, CancellationToken cancellationToken)
    {
        if (!_runs.TryGetValue(hear.Lane, out var run) || run.EffectNumber != hear.Effect)
        {
            return;
        }

        if (hear.Input is SwapInput.PreflightPassed { Image: { } image } && run.Swap.Image is null)
        {
            run.Swap = await EstimateAnewAsync(run.Swap, image, cancellationToken);
        }

        if (hear.Input is SwapInput.PreflightPassed { NewestEpoch: var seen } && seen >= run.Swap.Job.Epoch)
        {
            // A new installation on hosts that others have used: the job's first fenced command comes after this is in the journal.
            epochs.RaiseTo(seen);
            run.Swap = run.Swap with { Job = run.Swap.Job with { Epoch = epochs.Next() } };
        }

        await TellAsync(run, hear.Input, cancellationToken);
    }

    /// <summary>Which image is started decides how long it takes. One that was pulled or built since the last start has everything to compile.</summary>
    private async Task<LaneSwap> EstimateAnewAsync(LaneSwap swap, string image, CancellationToken cancellationToken)
    {
        if (swap.Wanted is not { Id: var model })
        {
            return swap;
        }

        var last = await journal.FindLastImageAsync(model, swap.Hosts, cancellationToken);
        return swap with
        {
            Image = image,
            Estimate = await journal.FindEstimateAsync(swap.Job.Lane, model, swap.Hosts, image, cancellationToken),
            Job = last is null || last == image
                ? swap.Job
                : swap.Job with { Remarks = swap.Job.Remarks.Add("The image is another one than at the last start of this model: this start takes longer than the next ones.") },
        };
    }

    /// <summary>Ends our watching. What runs on the hosts goes on; the journal knows where to take it up again.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs.Values)
        {
            await run.DisposeAsync();
        }
    }

    private async Task TellAsync(LaneRun run, SwapInput input, CancellationToken cancellationToken)
    {
        await AskForRollBackAsync(run, input, cancellationToken);
        await course.TellAsync(run, input, cancellationToken);
        if (run.Swap.Job is not { } job || !job.State.IsTerminal())
        {
            return;
        }

        _runs.Remove(job.Lane);
        if (job is { Kind: SwapKind.Swap, State: SwapState.Live } || job.RolledBackTo is not null)
        {
            _upSince[job.Lane] = time.GetTimestamp();
            if (run.Swap is { TokenAt: { } token, Starting.Id: var model })
            {
                proofs.Note(job.Lane, model, token);
            }
        }

        if (job is { Kind: SwapKind.Swap, State: SwapState.Live })
        {
            await settling.WatchAsync(run.Swap);
        }
    }

    /// <summary>Before a failed start: whether the previous model may be started without anybody asking, and if so, that counts from now on.</summary>
    private async Task AskForRollBackAsync(LaneRun run, SwapInput input, CancellationToken cancellationToken)
    {
        if (input is not (SwapInput.StartFailed or SwapInput.MemoryShort)
            || run.Swap is not { IsRollingBack: false, IsCancelled: false, HasAskedToRollBack: false, Previous: { } previous }
            || topology.Current.FindLane(run.Swap.Job.Lane) is not { } lane)
        {
            return;
        }

        var hosts = VllmEngine.HostsOf(lane, previous.Recipe);
        var refusal = starts.FindRefusal(previous.Id, hosts);
        if (refusal is null)
        {
            await starts.NoteAsync(previous.Id, hosts, cancellationToken);
        }

        run.Swap = run.Swap with
        {
            HasAskedToRollBack = true,
            RollBackRefusal = refusal is null ? null : $"{previous.Name} is not started again: {refusal}.",
        };
    }

    [LoggerMessage(LogLevel.Information, "Swap {Job}: taken up again after a restart, {Model} was {State}")]
    private partial void LogResumed(string job, string model, SwapState state);
}
