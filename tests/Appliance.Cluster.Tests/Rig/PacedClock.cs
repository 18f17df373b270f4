namespace Appliance.Cluster.Tests.Rig;

/// <summary>Real time that can be set ahead: both clocks jump, timers that already run do not. Thread-safe.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Volatile.Read(ref _ticks));

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Volatile.Read(ref _ticks);

    public void Jump(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
