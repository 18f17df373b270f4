using Appliance.Cluster.Models;
using Appliance.Cluster.Schedules;
using Appliance.Ui;

namespace Appliance.Schedules;

/// <summary>Plans in words for people. Pure.</summary>
internal static class ScheduleWords
{
    /// <summary>"Tomorrow, 02:00"; "Now, until 02:30"; "Over".</summary>
    public static string Next(Schedule schedule, ScheduleOverview overview, DateTimeOffset now, TimeZoneInfo reader)
    {
        if (ScheduleTimes.FindCurrent(schedule, now, overview.Zone) is { } run)
        {
            return $"Now, until {TimeWords.Upcoming(run.Until, now, reader)}";
        }

        return ScheduleTimes.FindNext(schedule, now, overview.Zone) is { } next ? NumberWords.Sentence(TimeWords.Upcoming(next, now, reader)) : "Over";
    }

    /// <summary>"Every day at 02:00 · takes 30 min · by Alice's digest".</summary>
    public static string Facts(Schedule schedule, ScheduleOverview overview, DateTimeOffset now, TimeZoneInfo reader)
    {
        var parts = new[]
        {
            schedule.Cron is { } cron ? $"{CronWords.Of(cron.Text)}{Zone(overview.Zone, now, reader)}" : "once",
            $"takes {TimeWords.Duration(schedule.Duration)}",
            $"planned by {schedule.Owner}",
        };
        return NumberWords.Sentence(string.Join(" · ", parts));
    }

    public static string Model(Schedule schedule, IReadOnlyList<ModelCard> models) => schedule.Model switch
    {
        null => "with the model that runs",
        { } name => $"with {ModelNames.Find([.. models], name)?.Name ?? name}",
    };

    public static string Conflict(ScheduleConflict conflict, DateTimeOffset now, TimeZoneInfo reader) =>
        $"{conflict.First.Name} ({conflict.First.Owner}) and {conflict.Second.Name} ({conflict.Second.Owner}) want different models at the same time: " +
        $"{TimeWords.Upcoming(conflict.From, now, reader)} for {TimeWords.Duration(conflict.Until - conflict.From)}.";

    /// <summary>Patterns are written in the appliance's zone; a reader whose clock shows something else is told so.</summary>
    private static string Zone(TimeZoneInfo appliance, DateTimeOffset now, TimeZoneInfo reader) =>
        appliance.GetUtcOffset(now) == reader.GetUtcOffset(now) ? "" : $" ({appliance.Id} time)";
}
