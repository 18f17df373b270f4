using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>A running job and the one effect that works for it. Used by the engine's loop only.</summary>
internal sealed class LaneRun(LaneSwap swap, SwapFeed feed, TaskScheduler scheduler) : IAsyncDisposable
{
    private CancellationTokenSource? _stop;
    private Task _effect = Task.CompletedTask;

    /// <summary>Where the job stands.</summary>
    public LaneSwap Swap { get; set; } = swap;

    /// <summary>Who follows it.</summary>
    public SwapFeed Feed { get; } = feed;

    /// <summary>The number of the effect that may speak.</summary>
    public long EffectNumber { get; set; }

    /// <summary>Starts an effect; the one before it must have been abandoned.</summary>
    public void Start(Func<CancellationToken, Task> effect)
    {
        var stop = _stop = new CancellationTokenSource();
        _effect = scheduler.RunAsync(() => effect(stop.Token), stop.Token);
    }

    /// <summary>Stops watching the effect. What it started on a host may go on.</summary>
    public async Task AbandonAsync()
    {
        if (_stop is not { } stop)
        {
            return;
        }

        _stop = null;
        await scheduler.CancelAsync(stop);
        await _effect.Settled();
        stop.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await AbandonAsync();
}
