namespace Appliance.Cluster.Schedules;

/// <summary>A plan as a program states it: not checked yet.</summary>
public sealed record ScheduleDraft
{
    /// <summary>The wanted id; null for one made here.</summary>
    public string? Id { get; init; }

    /// <summary>Who plans it.</summary>
    public string? Owner { get; init; }

    /// <summary>What it is.</summary>
    public string? Name { get; init; }

    /// <summary>The wanted model.</summary>
    public string? Model { get; init; }

    /// <summary>A cron pattern; or else <see cref="At"/>.</summary>
    public string? Cron { get; init; }

    /// <summary>A moment with its offset, RFC 3339; or else <see cref="Cron"/>.</summary>
    public string? At { get; init; }

    /// <summary>How long a run takes, in minutes.</summary>
    public int? DurationMinutes { get; init; }

    /// <summary>What the owner wants to be known.</summary>
    public string? Note { get; init; }
}
