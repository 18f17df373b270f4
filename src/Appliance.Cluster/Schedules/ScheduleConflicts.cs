using System.Collections.Immutable;

namespace Appliance.Cluster.Schedules;

/// <summary>Finds plans that get in each other's way within a week. Pure.</summary>
internal static class ScheduleConflicts
{
    /// <summary>How far we look ahead: what comes weekly is in it.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(7);

    /// <summary>A week of runs every five minutes. What comes more often is looked at for a shorter time.</summary>
    private const int MostRuns = 7 * 24 * 12;

    /// <summary>The first meeting of every two plans with different models, earliest first. <paramref name="modelOf"/> gives one name to all names of a model.</summary>
    public static ImmutableArray<ScheduleConflict> Find(IEnumerable<Schedule> schedules, Func<string, string> modelOf, DateTimeOffset now, TimeZoneInfo zone)
    {
        var runs = schedules.Where(schedule => schedule.Model is not null)
            .SelectMany(schedule => ScheduleTimes.RunsBetween(schedule, now, now + Horizon, zone, MostRuns)
                .Select(run => (Schedule: schedule, Model: modelOf(schedule.Model!), Run: run)))
            .OrderBy(planned => planned.Run.From)
            .ThenBy(planned => planned.Schedule.Id.Value, StringComparer.Ordinal)
            .ToArray();
        var found = new Dictionary<(ScheduleId, ScheduleId), ScheduleConflict>();
        var open = new List<(Schedule Schedule, string Model, ScheduleRun Run)>();
        foreach (var next in runs)
        {
            open.RemoveAll(earlier => earlier.Run.Until <= next.Run.From);
            foreach (var earlier in open.Where(earlier => earlier.Model != next.Model && earlier.Schedule.Id != next.Schedule.Id))
            {
                var until = earlier.Run.Until < next.Run.Until ? earlier.Run.Until : next.Run.Until;
                found.TryAdd(Pair(earlier.Schedule.Id, next.Schedule.Id), new ScheduleConflict(earlier.Schedule, next.Schedule, next.Run.From, until));
            }

            open.Add(next);
        }

        return [.. found.Values.OrderBy(conflict => conflict.From)];
    }

    private static (ScheduleId, ScheduleId) Pair(ScheduleId one, ScheduleId other) =>
        string.CompareOrdinal(one.Value, other.Value) < 0 ? (one, other) : (other, one);
}
