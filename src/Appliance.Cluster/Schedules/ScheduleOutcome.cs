using System.Collections.Immutable;

namespace Appliance.Cluster.Schedules;

/// <summary>What became of the wish to register or change a plan.</summary>
public abstract record ScheduleOutcome
{
    private ScheduleOutcome()
    {
    }

    /// <summary>It is stored.</summary>
    /// <param name="Schedule">The plan.</param>
    /// <param name="IsNew">Whether there was none of that id before.</param>
    public sealed record Saved(Schedule Schedule, bool IsNew) : ScheduleOutcome;

    /// <summary>Something is wrong with it; nothing was changed.</summary>
    /// <param name="Problems">Everything that is wrong.</param>
    public sealed record Invalid(ImmutableArray<ScheduleProblem> Problems) : ScheduleOutcome;

    /// <summary>There is a plan of that id already.</summary>
    /// <param name="Schedule">That plan.</param>
    public sealed record Exists(Schedule Schedule) : ScheduleOutcome;

    /// <summary>The registry is full.</summary>
    /// <param name="Most">How many plans it takes.</param>
    public sealed record Full(int Most) : ScheduleOutcome;
}
