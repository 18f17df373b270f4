using Appliance.Cluster.Primitives;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>The models that gave their first answer only seconds ago, one per lane at most. Used by the engine's loop only.</summary>
internal sealed partial class SettlingSwaps(SettleWatch watch, SwapMailbox mailbox, TaskScheduler scheduler, ILogger<SettlingSwaps> logger) : IAsyncDisposable
{
    private readonly Dictionary<LaneId, (SwapJobId Job, DetachedWork Watch)> _settling = [];

    /// <summary>Begins to watch the model that a job has brought up.</summary>
    public async Task WatchAsync(LaneSwap swap)
    {
        await LeaveAsync(swap.Job.Lane);
        var work = new DetachedWork(scheduler);
        _settling[swap.Job.Lane] = (swap.Job.Id, work);
        work.Start(token => LookAsync(swap, token));
    }

    /// <summary>Something else is done to the lane: what happens to that model is no news any more.</summary>
    public async Task LeaveAsync(LaneId lane)
    {
        if (_settling.Remove(lane, out var settling))
        {
            await settling.Watch.DisposeAsync();
        }
    }

    /// <summary>Whether that job's model is still watched: then its crash is to be dealt with.</summary>
    public bool IsWatched(SwapJob job) => _settling.TryGetValue(job.Lane, out var settling) && settling.Job == job.Id;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, work) in _settling.Values)
        {
            await work.DisposeAsync();
        }
    }

    private async Task LookAsync(LaneSwap swap, CancellationToken cancellationToken)
    {
        try
        {
            if (await watch.AwaitAsync(swap, cancellationToken) is { } failure)
            {
                await mailbox.PostAsync(new SwapCommand.Crashed(swap, failure), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogWatchFailed(exception, swap.Job.Id.Value);
        }
    }

    [LoggerMessage(LogLevel.Error, "Swap {Job}: the watch over its first seconds ended with an unexpected error")]
    private partial void LogWatchFailed(Exception exception, string job);
}
