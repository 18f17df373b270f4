using System.Collections.Immutable;

namespace Appliance.Cluster.Schedules;

/// <summary>All plans at one moment.</summary>
public sealed record ScheduleOverview
{
    /// <summary>The plans, the next one first; those without a next run last.</summary>
    public required ImmutableArray<Schedule> Schedules { get; init; }

    /// <summary>Which of them get in each other's way within a week, earliest first.</summary>
    public required ImmutableArray<ScheduleConflict> Conflicts { get; init; }

    /// <summary>The moment.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The zone in which patterns are read: that of the appliance (TZ).</summary>
    public required TimeZoneInfo Zone { get; init; }
}
