using Appliance.Cluster.Primitives;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>The jobs under way, at most one per lane. Used by the engine's loop only.</summary>
internal sealed partial class RunningSwaps(SwapCourse course, EpochCounter epochs, TimeProvider time, ILogger<RunningSwaps> logger) : IAsyncDisposable
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
        await course.BeginAsync(run, cancellationToken);
        _runs[run.Swap.Job.Lane] = run;
        return run.Swap.Job;
    }

    /// <summary>Takes up a job that the last life of the appliance did not end.</summary>
    public async Task ResumeAsync(LaneSwap swap, CancellationToken cancellationToken)
    {
        LogResumed(swap.Job.Id.Value, swap.Job.ModelName, swap.Job.State);
        var run = _runs[swap.Job.Lane] = course.NewRun(swap);
        await TellAsync(run, new SwapInput.Resumed(), cancellationToken);
    }

    /// <summary>A running job hears something; the job afterwards.</summary>
    public async Task<SwapJob> TellAsync(SwapJob job, SwapInput input, CancellationToken cancellationToken)
    {
        var run = _runs[job.Lane];
        await TellAsync(run, input, cancellationToken);
        return run.Swap.Job;
    }

    /// <summary>An effect speaks; one that was abandoned is not heard.</summary>
    public Task HearAsync(SwapCommand.Hear hear, CancellationToken cancellationToken)
    {
        if (!_runs.TryGetValue(hear.Lane, out var run) || run.EffectNumber != hear.Effect)
        {
            return Task.CompletedTask;
        }

        if (hear.Input is SwapInput.PreflightPassed { NewestEpoch: var seen } && seen >= run.Swap.Job.Epoch)
        {
            // A new installation on hosts that others have used: the job's first fenced command comes after this is in the journal.
            epochs.RaiseTo(seen);
            run.Swap = run.Swap with { Job = run.Swap.Job with { Epoch = epochs.Next() } };
        }

        return TellAsync(run, hear.Input, cancellationToken);
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
        await course.TellAsync(run, input, cancellationToken);
        if (run.Swap.Job is not { } job || !job.State.IsTerminal())
        {
            return;
        }

        _runs.Remove(job.Lane);
        if (job is { Kind: SwapKind.Swap, State: SwapState.Live } || job.RolledBackTo is not null)
        {
            _upSince[job.Lane] = time.GetTimestamp();
        }
    }

    [LoggerMessage(LogLevel.Information, "Swap {Job}: taken up again after a restart, {Model} was {State}")]
    private partial void LogResumed(string job, string model, SwapState state);
}
