using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>Work beside the engine's loop, one at a time, that the loop can abandon. Used by that loop only.</summary>
internal sealed class DetachedWork(TaskScheduler scheduler) : IAsyncDisposable
{
    private CancellationTokenSource? _stop;
    private Task _work = Task.CompletedTask;

    /// <summary>Starts it; what ran before must have been abandoned.</summary>
    public void Start(Func<CancellationToken, Task> work)
    {
        var stop = _stop = new CancellationTokenSource();
        _work = scheduler.RunAsync(() => work(stop.Token), stop.Token);
    }

    /// <summary>Stops watching it. What it started on a host may go on.</summary>
    public async Task AbandonAsync()
    {
        if (_stop is not { } stop)
        {
            return;
        }

        _stop = null;
        await scheduler.CancelAsync(stop);
        await _work.Settled();
        stop.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await AbandonAsync();
}
