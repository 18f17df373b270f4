using Appliance.Cluster.Schedules;

namespace Appliance.Schedules;

/// <summary>A registered plan.</summary>
internal sealed record ScheduleWire
{
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public required string Name { get; init; }

    public string? Model { get; init; }

    public string? Cron { get; init; }

    public DateTimeOffset? At { get; init; }

    public required int DurationMinutes { get; init; }

    public string? Note { get; init; }

    /// <summary>Absent when there is none: a single run that has begun.</summary>
    public DateTimeOffset? NextRunAt { get; init; }

    /// <summary>Until when the run goes on that should be going on now; absent when there is none.</summary>
    public DateTimeOffset? RunningUntil { get; init; }

    public static ScheduleWire From(Schedule schedule, DateTimeOffset now, TimeZoneInfo zone) => new()
    {
        Id = schedule.Id.Value,
        Owner = schedule.Owner,
        Name = schedule.Name,
        Model = schedule.Model,
        Cron = schedule.Cron?.Text,
        At = schedule.At,
        DurationMinutes = (int)schedule.Duration.TotalMinutes,
        Note = schedule.Note,
        NextRunAt = ScheduleTimes.FindNext(schedule, now, zone)?.ToUniversalTime(),
        RunningUntil = ScheduleTimes.FindCurrent(schedule, now, zone)?.Until.ToUniversalTime(),
    };
}
