using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Health;

/// <summary>
/// From looks to a condition. Pure. A server works when it names its model and tokens come; it is stuck when it names its model and none do; a slow answer
/// alone changes nothing (F-11, F-12).
/// </summary>
internal static class LaneVerdict
{
    /// <summary>"It serves" holds this long after a token was seen: two generation intervals and a bit.</summary>
    public static TimeSpan ObservationPeriod { get; } = TimeSpan.FromSeconds(150);

    /// <summary>An idle server is asked for one token this often.</summary>
    public static TimeSpan GenerationInterval { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A server that gave no token is asked again after this long.</summary>
    public static TimeSpan RetryInterval { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Looks without an answer before a working server counts as down: it blips for seconds when a Spark is busy (spark-vllm-docker.md section 6).</summary>
    public const int MissesBeforeDown = 3;

    /// <summary>Generations without a token, and counters that stand still, before a server counts as stuck.</summary>
    public const int FailuresBeforeStuck = 3;

    private const int MinutesKept = 60;

    /// <summary>Whether this look should ask for a token: nothing is known yet, or nothing moved for a while.</summary>
    public static bool WantsGeneration(LaneMemory memory, ServerCounters? counters, DateTimeOffset now)
    {
        if (memory.Server is null || memory.TokenAt is not { } token)
        {
            return memory.TriedAt is not { } tried || now - tried >= RetryInterval;
        }

        var moved = memory.Last is { } last && counters is not null && counters.GeneratedTokens > last.Counters.GeneratedTokens;
        return !moved && now - token >= GenerationInterval && (memory.TriedAt is not { } again || now - again >= RetryInterval);
    }

    /// <summary>What is known after a look.</summary>
    public static LaneMemory Decide(LaneMemory memory, LaneLook look, DateTimeOffset now) => look.Identity switch
    {
        IdentityAnswer.Named named => Answering(SameServer(memory, named) ? memory : Newcomer(memory), named, look, now),
        _ => Silent(memory, look, now),
    };

    private static bool SameServer(LaneMemory memory, IdentityAnswer.Named named) =>
        memory.Server is { } server && server.ServedName == named.ServedName && server.Root == named.Root;

    /// <summary>Another model than before: nothing of the old one's evidence counts.</summary>
    private static LaneMemory Newcomer(LaneMemory memory) => new() { Condition = memory.Condition, Speeds = memory.Speeds, SpeedMinute = memory.SpeedMinute };

    private static LaneMemory Answering(LaneMemory memory, IdentityAnswer.Named named, LaneLook look, DateTimeOffset now)
    {
        memory = Measure(memory, look.Counters, now, out var moved);
        var token = moved || look.Generation is GenerationAnswer.Token;
        memory = memory with
        {
            Server = named,
            Misses = 0,
            StoppedBy = null,
            TokenAt = token ? now : memory.TokenAt,
            TriedAt = look.Generation is null ? memory.TriedAt : now,
            HasProbed = look.Generation is GenerationAnswer.Token,
            Failures = token ? 0 : look.Generation is GenerationAnswer.Nothing ? memory.Failures + 1 : memory.Failures,
            WasThere = memory.WasThere || memory.Condition.Kind == ConditionKind.Unknown,
            Since = memory.WasThere || memory.Condition.Kind == ConditionKind.Unknown ? null : memory.Since ?? (token ? now : null),
        };

        var condition = memory switch
        {
            { Failures: >= FailuresBeforeStuck } => new Condition(ConditionKind.Stuck) { Reason = StuckReason(memory, look, now) },
            { TokenAt: null } => new Condition(ConditionKind.Starting) { Reason = "It is there, but has not answered yet." },
            { Failures: > 0 } => new Condition(ConditionKind.Busy) { Reason = "It answers slowly." },
            _ when look.Counters is { Waiting: > 0 } counters => new Condition(ConditionKind.Busy) { Reason = $"{counters.Waiting} waiting." },
            _ => new Condition(ConditionKind.Working),
        };
        return memory with { Condition = Turn(memory.Condition, condition, now) with { LastSeen = now } };
    }

    private static LaneMemory Silent(LaneMemory memory, LaneLook look, DateTimeOffset now)
    {
        memory = memory with { Misses = memory.Misses + 1, Speed = null, FirstToken = null };
        if (memory.Server is not null && memory.Misses < MissesBeforeDown)
        {
            return memory;
        }

        var hadServed = memory.Server is not null || memory.Condition.Kind is ConditionKind.Crashed;
        var condition = look.Presence switch
        {
            _ when look.Fault is { Kind: HostFaultKind.OnlyWatched } watched => new Condition(ConditionKind.Unreachable) { Reason = $"Its port does not answer. {watched.Message}" },
            _ when look.Fault is { } fault => new Condition(ConditionKind.Unreachable) { Reason = fault.Message },
            ServerPresence.Gone when memory.StoppedBy is { } by => new Condition(ConditionKind.Stopped) { Reason = $"Stopped by {by}." },
            ServerPresence.Gone when memory.Server is not null => new Condition(ConditionKind.Stopped) { Reason = "Somebody stopped it outside the appliance." },
            ServerPresence.Gone when memory.Condition.Kind is ConditionKind.Stopped => memory.Condition,
            ServerPresence.Gone => new Condition(ConditionKind.Stopped) { Reason = "Nothing was started here." },
            ServerPresence.ContainerOnly when memory.Condition is { Kind: ConditionKind.Crashed } crashed => crashed,
            ServerPresence.ContainerOnly => new Condition(ConditionKind.Crashed) { Reason = "Its container is up, but the model server in it has ended." },
            ServerPresence.Running when hadServed => new Condition(ConditionKind.Stuck) { Reason = "It runs, but no longer answers." },
            ServerPresence.Running => new Condition(ConditionKind.Starting) { Reason = "It runs, but does not answer yet." },
            _ => new Condition(ConditionKind.Unknown) { Reason = "Its machine gave no clear answer." },
        };
        if (condition.Kind == ConditionKind.Crashed)
        {
            condition = condition with { Crashes = memory.Condition.Kind == ConditionKind.Crashed ? memory.Condition.Crashes : memory.Condition.Crashes + 1 };
        }

        return memory with
        {
            Server = null,
            TokenAt = null,
            Since = null,
            WasThere = false,
            Failures = 0,
            Last = null,
            Condition = Turn(memory.Condition, condition, now) with { LastSeen = memory.Condition.LastSeen },
        };
    }

    /// <summary>A word keeps its "since" as long as it does not change.</summary>
    private static Condition Turn(Condition before, Condition next, DateTimeOffset now) =>
        next with { Since = before.Kind == next.Kind ? before.Since ?? now : now };

    private static string StuckReason(LaneMemory memory, LaneLook look, DateTimeOffset now)
    {
        var quiet = memory.TokenAt is { } token ? $"no answer for {(now - token).TotalSeconds:0} s" : "no answer yet";
        return look.Generation is GenerationAnswer.Nothing nothing
            ? $"It accepts questions but gives {quiet}: {nothing.Reason}"
            : $"It accepts questions but gives {quiet}.";
    }

    private static LaneMemory Measure(LaneMemory memory, ServerCounters? counters, DateTimeOffset now, out bool moved)
    {
        moved = false;
        double? speed = null;
        TimeSpan? first = null;
        if (counters is not null && memory.Last is { } last && counters.GeneratedTokens >= last.Counters.GeneratedTokens && now > last.At)
        {
            var own = memory.HasProbed ? 1 : 0;
            var tokens = counters.GeneratedTokens - last.Counters.GeneratedTokens - own;
            var asked = counters.FirstTokenCount - last.Counters.FirstTokenCount;
            moved = tokens > 0;
            speed = moved ? tokens / (now - last.At).TotalSeconds : null;
            first = asked - own > 0 ? TimeSpan.FromSeconds((counters.FirstTokenSeconds - last.Counters.FirstTokenSeconds) / asked) : null;
        }

        return memory with
        {
            Last = counters is null ? null : (counters, now),
            Speed = speed,
            FirstToken = first ?? memory.FirstToken,
            Speeds = Note(memory, speed, now),
            SpeedMinute = now.ToUnixTimeSeconds() / 60,
        };
    }

    private static ImmutableArray<double?> Note(LaneMemory memory, double? speed, DateTimeOffset now)
    {
        var passed = memory.Speeds.IsEmpty ? 1 : (int)Math.Clamp(now.ToUnixTimeSeconds() / 60 - memory.SpeedMinute, 0, MinutesKept);
        var speeds = memory.Speeds.AddRange(Enumerable.Repeat((double?)null, passed));
        if (speed is not null && (speeds[^1] ?? 0) < speed)
        {
            speeds = speeds.SetItem(speeds.Length - 1, speed);
        }

        return speeds.Length <= MinutesKept ? speeds : speeds[^MinutesKept..];
    }
}
