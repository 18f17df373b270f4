using System.Collections.Immutable;

namespace Appliance.Cluster.Health;

/// <summary>What is remembered of a lane between two looks.</summary>
internal sealed record LaneMemory
{
    /// <summary>How it is.</summary>
    public Condition Condition { get; init; } = Condition.Unknown;

    /// <summary>Who answered last; null when nobody does.</summary>
    public IdentityAnswer.Named? Server { get; init; }

    /// <summary>Since when that server was seen to work; null when unknown.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether it already ran when it was first looked at: then nobody knows since when.</summary>
    public bool WasThere { get; init; }

    /// <summary>When a token was last seen to be generated.</summary>
    public DateTimeOffset? TokenAt { get; init; }

    /// <summary>When a generation was last tried.</summary>
    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>Looks in a row without an answer.</summary>
    public int Misses { get; init; }

    /// <summary>Generations in a row without a token.</summary>
    public int Failures { get; init; }

    /// <summary>The counters of the last look, and when it was.</summary>
    public (ServerCounters Counters, DateTimeOffset At)? Last { get; init; }

    /// <summary>Whether the last look let the server generate: that token is ours and no measure of anybody's speed.</summary>
    public bool HasProbed { get; init; }

    /// <summary>Tokens per second since the last look; null when none were generated.</summary>
    public double? Speed { get; init; }

    /// <summary>Mean time to first token since the last look; null when nothing was asked.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>One value a minute for the last hour, oldest first.</summary>
    public ImmutableArray<double?> Speeds { get; init; } = [];

    /// <summary>The minute of the last value in <see cref="Speeds"/>.</summary>
    public long SpeedMinute { get; init; }

    /// <summary>Who stopped it on purpose; null when nobody did.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>The same after the wall clock was set: everything is as long ago as it was.</summary>
    public LaneMemory AfterJump(TimeSpan jump) => this with
    {
        Since = Since + jump,
        TokenAt = TokenAt + jump,
        TriedAt = TriedAt + jump,
        Last = Last is { } last ? last with { At = last.At + jump } : null,
        Condition = Condition.Since is null && Condition.LastSeen is null ? Condition : Condition with { Since = Condition.Since + jump, LastSeen = Condition.LastSeen + jump },
    };

    /// <summary>Whether a token was seen recently enough to say "it serves".</summary>
    public bool IsServing(DateTimeOffset now) => Server is not null && TokenAt is { } token && now - token <= LaneVerdict.ObservationPeriod;
}
