namespace Appliance.Cluster.Schedules;

/// <summary>What a program says that it will do on the machines, and when. The appliance shows it and runs nothing. Immutable.</summary>
public sealed record Schedule
{
    /// <summary>The id.</summary>
    public required ScheduleId Id { get; init; }

    /// <summary>Who plans it: a program's or a person's name.</summary>
    public required string Owner { get; init; }

    /// <summary>What it is, in a few words.</summary>
    public required string Name { get; init; }

    /// <summary>The model it wants, by any of its names; null when it takes what runs.</summary>
    public string? Model { get; init; }

    /// <summary>When it comes again and again; null for a single run.</summary>
    public CronPattern? Cron { get; init; }

    /// <summary>When it comes once; null for one that comes again.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How long a run takes, whole minutes.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What the owner wants to be known; null without.</summary>
    public string? Note { get; init; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset ChangedAt { get; init; }
}
