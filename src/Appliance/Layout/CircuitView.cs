using Appliance.Cluster.View;

namespace Appliance.Layout;

/// <summary>
/// One per circuit: follows the cluster and hands out moments, at most four a second while things change and one a second while they do not (ages count on).
/// Used from the circuit; the follower is called from a pool thread and dispatches by itself.
/// </summary>
internal sealed partial class CircuitView(ClusterView view, TimeProvider time, ILogger<CircuitView> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private volatile TimeZoneInfo _zone = time.LocalTimeZone;
    private long _shownAt;
    private Task _loops = Task.CompletedTask;
    private bool _isFollowed;
    private bool _isStopped;

    public Moment Look() => new(view.Current, WholeSecond(time.GetUtcNow()), _zone);

    public void UseZone(TimeZoneInfo zone) => _zone = zone;

    /// <summary>Begins to follow. One follower per circuit: the layout.</summary>
    public void Follow(Func<Moment, Task> show)
    {
        if (_isFollowed || _isStopped)
        {
            return;
        }

        _isFollowed = true;
        _loops = Task.WhenAll(FollowChangesAsync(show, _stop.Token), FollowClockAsync(show, _stop.Token));
    }

    public async Task StopAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        await _stop.CancelAsync();
        await _loops;
        _stop.Dispose();
        _oneAtATime.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task FollowChangesAsync(Func<Moment, Task> show, CancellationToken cancellationToken)
    {
        using var subscription = view.Subscribe();
        try
        {
            await ShowAsync(show, cancellationToken);
            await foreach (var snapshot in subscription.ReadAllAsync(cancellationToken))
            {
                // The channel keeps only the newest, so the pause drops frames and never the last one.
                await ShowAsync(show, cancellationToken);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogEnded();
        }
    }

    private async Task FollowClockAsync(Func<Moment, Task> show, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (time.GetElapsedTime(Interlocked.Read(ref _shownAt)) >= Tick - Pause)
                {
                    await ShowAsync(show, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogEnded();
        }
    }

    private async Task ShowAsync(Func<Moment, Task> show, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            Interlocked.Exchange(ref _shownAt, time.GetTimestamp());
            await show(Look());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogSkipped(exception);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));

    [LoggerMessage(Level = LogLevel.Debug, Message = "A page was closed; it is no longer followed")]
    private partial void LogEnded();

    [LoggerMessage(Level = LogLevel.Warning, Message = "A page could not be drawn; the next change is tried again")]
    private partial void LogSkipped(Exception exception);
}
