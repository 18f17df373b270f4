using System.Globalization;

namespace Appliance.Cluster.Schedules;

/// <summary>A plan as it lies in the table <c>schedules</c>.</summary>
internal sealed class StoredSchedule
{
    public string Id { get; init; } = "";

    public string Owner { get; init; } = "";

    public string Name { get; init; } = "";

    public string? Model { get; init; }

    public string? Cron { get; init; }

    /// <summary>RFC 3339 with the offset that the owner wrote.</summary>
    public string? At { get; init; }

    public long Minutes { get; init; }

    public string? Note { get; init; }

    public long CreatedAt { get; init; }

    public long ChangedAt { get; init; }

    public static StoredSchedule Of(Schedule schedule) => new()
    {
        Id = schedule.Id.Value,
        Owner = schedule.Owner,
        Name = schedule.Name,
        Model = schedule.Model,
        Cron = schedule.Cron?.Text,
        At = schedule.At?.ToString("O", CultureInfo.InvariantCulture),
        Minutes = (long)schedule.Duration.TotalMinutes,
        Note = schedule.Note,
        CreatedAt = schedule.CreatedAt.ToUnixTimeMilliseconds(),
        ChangedAt = schedule.ChangedAt.ToUnixTimeMilliseconds(),
    };

    public Schedule ToSchedule() => new()
    {
        Id = ScheduleId.Parse(Id),
        Owner = Owner,
        Name = Name,
        Model = Model,
        Cron = CronPattern.Find(Cron),
        At = At is null ? null : DateTimeOffset.Parse(At, CultureInfo.InvariantCulture),
        Duration = TimeSpan.FromMinutes(Minutes),
        Note = Note,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(ChangedAt),
    };
}
