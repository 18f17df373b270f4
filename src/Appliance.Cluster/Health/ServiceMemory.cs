namespace Appliance.Cluster.Health;

/// <summary>What is remembered of a service between two looks.</summary>
internal sealed record ServiceMemory
{
    /// <summary>How it is.</summary>
    public Condition Condition { get; init; } = Condition.Unknown;

    /// <summary>Looks in a row without a good answer.</summary>
    public int Misses { get; init; }

    /// <summary>Whether it answered since its container's last start.</summary>
    public bool HasAnswered { get; init; }

    /// <summary>When it was last seen well: it answered, or (without a port) its container ran.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>The start of the container's run that was seen last; null before a container was seen.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Whether the container ran at the last look.</summary>
    public bool Ran { get; init; }

    /// <summary>Since when that run goes on, by our clock at the latest.</summary>
    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>Crashes in a row: forgotten after it was well for a while.</summary>
    public int Crashes { get; init; }

    /// <summary>When the last one was seen.</summary>
    public DateTimeOffset? CrashSeenAt { get; init; }

    /// <summary>Which run the last counted crash ended, so that one crash is counted once.</summary>
    public (DateTimeOffset? Started, DateTimeOffset? Finished)? CrashedRun { get; init; }
}
