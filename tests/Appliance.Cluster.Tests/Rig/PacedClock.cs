namespace Appliance.Cluster.Tests.Rig;

/// <summary>
/// Time that passes so many times as fast as real time, timers with it, and that can be set ahead: both clocks jump, timers that already run do not.
/// Thread-safe.
/// </summary>
internal sealed class PacedClock(int pace) : TimeProvider
{
    private readonly DateTimeOffset _begin = System.GetUtcNow();
    private readonly long _beginTimestamp = System.GetTimestamp();
    private long _jumped;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _begin.AddTicks(GetTimestamp());

    public override long GetTimestamp() => (System.GetElapsedTime(_beginTimestamp).Ticks * pace) + Volatile.Read(ref _jumped);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new PacedTimer(System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period)), this);

    public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);

    // Rounded up: a timer that fires before its time is not what anybody expects.
    private TimeSpan Shorten(TimeSpan time) =>
        time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds / pace));

    private sealed class PacedTimer(ITimer timer, PacedClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Shorten(dueTime), clock.Shorten(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
