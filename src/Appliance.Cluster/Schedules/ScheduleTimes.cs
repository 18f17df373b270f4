namespace Appliance.Cluster.Schedules;

/// <summary>When a plan comes. Pure; the zone is that of the appliance, in which its owners write their patterns.</summary>
public static class ScheduleTimes
{
    /// <summary>The begin of the first run after <paramref name="now"/>; null when there is none: a single run that has begun has no next one.</summary>
    public static DateTimeOffset? FindNext(Schedule schedule, DateTimeOffset now, TimeZoneInfo zone) =>
        schedule.Cron is { } cron ? cron.FindNext(now, zone) : schedule.At > now ? schedule.At : null;

    /// <summary>The run that should be going on now; null when there is none.</summary>
    public static ScheduleRun? FindCurrent(Schedule schedule, DateTimeOffset now, TimeZoneInfo zone)
    {
        var begin = schedule.Cron is { } cron ? cron.FindLast(now, zone) : schedule.At;
        return begin is { } from && from <= now && now < from + schedule.Duration ? new ScheduleRun(from, from + schedule.Duration) : null;
    }

    /// <summary>The runs that touch a span, in order; runs that overlap or follow each other without a gap are one. At most <paramref name="most"/> begins are looked at.</summary>
    internal static IEnumerable<ScheduleRun> RunsBetween(Schedule schedule, DateTimeOffset from, DateTimeOffset until, TimeZoneInfo zone, int most)
    {
        var current = FindCurrent(schedule, from, zone);
        var last = from;
        for (var i = 0; i < most && FindNext(schedule, last, zone) is { } begin && begin < until; i++)
        {
            last = begin;
            if (current is { } open && begin <= open.Until)
            {
                current = open with { Until = begin + schedule.Duration };
                continue;
            }

            if (current is { } done)
            {
                yield return done;
            }

            current = new ScheduleRun(begin, begin + schedule.Duration);
        }

        if (current is { } rest)
        {
            yield return rest;
        }
    }
}
