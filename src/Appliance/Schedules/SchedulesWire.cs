using Appliance.Cluster.Schedules;

namespace Appliance.Schedules;

/// <summary>All plans.</summary>
internal sealed record SchedulesWire
{
    /// <summary>The next one first.</summary>
    public required IReadOnlyList<ScheduleWire> Schedules { get; init; }

    /// <summary>Plans that want different models at the same time within a week.</summary>
    public required IReadOnlyList<ScheduleConflictWire> Conflicts { get; init; }

    /// <summary>The zone in which cron is read.</summary>
    public required string TimeZone { get; init; }

    public static SchedulesWire From(ScheduleOverview overview) => new()
    {
        Schedules = [.. overview.Schedules.Select(schedule => ScheduleWire.From(schedule, overview.Now, overview.Zone))],
        Conflicts = [.. overview.Conflicts.Select(ScheduleConflictWire.Of)],
        TimeZone = overview.Zone.Id,
    };
}
