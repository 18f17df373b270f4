namespace Appliance.Cluster.Swaps;

/// <summary>A running job and the one effect that works for it. Used by the engine's loop only.</summary>
internal sealed class LaneRun(LaneSwap swap, SwapFeed feed, TaskScheduler scheduler) : IAsyncDisposable
{
    private readonly DetachedWork _effect = new(scheduler);

    /// <summary>Where the job stands.</summary>
    public LaneSwap Swap { get; set; } = swap;

    /// <summary>Who follows it.</summary>
    public SwapFeed Feed { get; } = feed;

    /// <summary>The number of the effect that may speak.</summary>
    public long EffectNumber { get; set; }

    /// <summary>Starts an effect; the one before it must have been abandoned.</summary>
    public void Start(Func<CancellationToken, Task> effect) => _effect.Start(effect);

    /// <summary>Stops watching the effect. What it started on a host may go on.</summary>
    public Task AbandonAsync() => _effect.AbandonAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _effect.DisposeAsync();
}
