using System.Runtime.InteropServices;

namespace Appliance.Cluster.Primitives;

/// <summary>
/// One look at both clocks. The wall clock is for people and jumps when it is set; the monotonic one only counts on, so everything that must last a
/// certain time is measured with it.
/// </summary>
/// <param name="Wall">The time of day, UTC.</param>
/// <param name="Monotonic">Time since some moment before the start of this process; means nothing to another process.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClockReading(DateTimeOffset Wall, TimeSpan Monotonic)
{
    /// <summary>Both clocks now.</summary>
    public static ClockReading Of(TimeProvider time) => new(time.GetUtcNow(), time.GetElapsedTime(0));
}
