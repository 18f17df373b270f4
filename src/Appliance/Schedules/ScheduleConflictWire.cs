using Appliance.Cluster.Schedules;

namespace Appliance.Schedules;

/// <summary>The first time at which two plans want different models.</summary>
/// <param name="First">The id of the one that begins earlier.</param>
/// <param name="Second">The id of the other one.</param>
/// <param name="From">When they meet.</param>
/// <param name="Until">How long they do.</param>
internal sealed record ScheduleConflictWire(string First, string Second, DateTimeOffset From, DateTimeOffset Until)
{
    public static ScheduleConflictWire Of(ScheduleConflict conflict) =>
        new(conflict.First.Id.Value, conflict.Second.Id.Value, conflict.From.ToUniversalTime(), conflict.Until.ToUniversalTime());
}
