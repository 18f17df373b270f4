using Appliance.Cluster.Schedules;

namespace Appliance.Schedules;

/// <summary>"This is what I will do, and when."</summary>
internal sealed record ScheduleAskWire
{
    /// <summary>Lower-case letters, digits and hyphens; without one, the plan gets one.</summary>
    public string? Id { get; init; }

    public string? Owner { get; init; }

    public string? Name { get; init; }

    /// <summary>The model that is wanted, by any of its names.</summary>
    public string? Model { get; init; }

    /// <summary>The five fields of crontab, in the appliance's time zone; or else at.</summary>
    public string? Cron { get; init; }

    /// <summary>A single moment with its offset (RFC 3339); or else cron.</summary>
    public string? At { get; init; }

    public int? DurationMinutes { get; init; }

    public string? Note { get; init; }

    /// <summary>With the id of the address instead of the body's.</summary>
    public ScheduleDraft ToDraft(string? id) => new()
    {
        Id = id ?? Id,
        Owner = Owner,
        Name = Name,
        Model = Model,
        Cron = Cron,
        At = At,
        DurationMinutes = DurationMinutes,
        Note = Note,
    };
}
