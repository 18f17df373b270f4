using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Health;

/// <summary>
/// From looks to a condition. Pure.
/// <code>
/// health path   container                      word
/// answers       any                            Working; Busy when it took long
/// no port       runs                           Working (its own health check may say Starting or Stuck; Crashed until a restart has settled)
/// silent        runs, never answered yet       Starting for a grace, then Stuck
/// silent        runs                           Busy, after 3 misses Stuck
/// silent/none   ended by itself, restarting    Crashed N times
/// silent/none   ended otherwise, paused        Stopped on purpose
/// silent/none   not there, twice               Stopped on purpose
/// silent/none   nobody can say                 as before; after 3 misses Unreachable, or Unknown when only the host's door is shut
/// </code>
/// </summary>
internal static class ServiceVerdict
{
    /// <summary>GB10 machines blip for 1 to 4 s when they are busy; "require 2-3 misses" (spark-vllm-docker.md section 6).</summary>
    public const int MissesBeforeDown = 3;

    /// <summary>A container that is being recreated is gone for a moment.</summary>
    public const int MissesBeforeGone = 2;

    /// <summary>An answer that takes longer comes from a service that has work.</summary>
    public static TimeSpan SlowAnswer { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Speech models load for minutes before they listen.</summary>
    public static TimeSpan StartGrace { get; } = TimeSpan.FromMinutes(3);

    /// <summary>A restarted container that runs this long has survived its start.</summary>
    public static TimeSpan Settled { get; } = TimeSpan.FromMinutes(1);

    /// <summary>After this long without a new crash the old ones no longer count.</summary>
    public static TimeSpan CrashesForgotten { get; } = TimeSpan.FromMinutes(10);

    /// <summary>What is known after a look.</summary>
    public static ServiceMemory Decide(ServiceMemory memory, ServiceLook look, DateTimeOffset now)
    {
        var before = memory.Condition;
        memory = NoteRun(memory, look, now);
        memory = look.Answer is ServiceAnswer.Well || IsWellWithoutPort(look)
            ? memory with { Misses = 0, HasAnswered = true, SeenAt = now }
            : memory with { Misses = memory.Misses + 1 };
        if (memory.Misses == 0 && memory.CrashSeenAt is { } crash && now - crash >= CrashesForgotten)
        {
            memory = memory with { Crashes = 0, CrashSeenAt = null };
        }

        var next = Word(memory, look, now);
        return memory with
        {
            Condition = next with
            {
                Since = before.Kind == next.Kind ? before.Since ?? now : next.Since is { } since && since < now ? since : now,
                Crashes = next.Kind == ConditionKind.Crashed ? Math.Max(memory.Crashes, 1) : 0,
                LastSeen = memory.SeenAt,
            },
        };
    }

    private static bool IsWellWithoutPort(ServiceLook look) =>
        look.Answer is ServiceAnswer.NotAsked && look.Container is ContainerLook.Seen { State: { Runs: true, Health: null or "healthy" } };

    private static ServiceMemory NoteRun(ServiceMemory memory, ServiceLook look, DateTimeOffset now)
    {
        if (look.Container is not ContainerLook.Seen { State: var state })
        {
            return memory;
        }

        if (state.Runs)
        {
            var isSameRun = memory.Ran && memory.StartedAt == state.StartedAt;

            // Between two looks it ended and was started again, while it had not yet survived the restart before: the crash loop goes on.
            var missedCrash = memory.Ran && !isSameRun && memory.Crashes > 0 && !HasSettled(memory, now);
            return memory with
            {
                Ran = true,
                StartedAt = state.StartedAt,
                RunningSince = isSameRun ? memory.RunningSince : state.StartedAt < now ? state.StartedAt : now,
                HasAnswered = isSameRun && memory.HasAnswered,
                Crashes = Math.Max(memory.Crashes + (missedCrash ? 1 : 0), memory.Crashes > 0 ? state.RestartCount ?? 0 : 0),
                CrashSeenAt = missedCrash ? now : memory.CrashSeenAt,
            };
        }

        var run = (state.StartedAt, state.FinishedAt);
        var isNewCrash = state.IsCrash && look.Answer is not ServiceAnswer.Well && memory.CrashedRun != run;
        return memory with
        {
            Ran = false,
            HasAnswered = false,
            StartedAt = state.StartedAt,
            Crashes = isNewCrash ? Math.Max(memory.Crashes + 1, state.RestartCount ?? 0) : state.IsCrash ? memory.Crashes : 0,
            CrashSeenAt = isNewCrash ? now : memory.CrashSeenAt,
            CrashedRun = isNewCrash ? run : memory.CrashedRun,
        };
    }

    private static bool HasSettled(ServiceMemory memory, DateTimeOffset now) => memory.RunningSince is not { } since || now - since >= Settled;

    private static Condition Word(ServiceMemory memory, ServiceLook look, DateTimeOffset now) => (look.Answer, look.Container) switch
    {
        (ServiceAnswer.Well { Took: var took }, _) when took >= SlowAnswer =>
            new Condition(ConditionKind.Busy) { Reason = $"It took {took.TotalSeconds:0} s to answer." },
        (ServiceAnswer.Well, _) => new Condition(ConditionKind.Working),
        (_, ContainerLook.Seen { State: { Runs: true } state }) => Running(memory, look.Answer, state, now),
        (_, ContainerLook.Seen { State: { IsCrash: true } state }) =>
            new Condition(ConditionKind.Crashed) { Reason = CrashReason(state), Since = state.FinishedAt },
        (_, ContainerLook.Seen { State: var state }) => new Condition(ConditionKind.Stopped) { Reason = StopReason(state), Since = state.FinishedAt },
        (_, ContainerLook.Gone) => memory.Misses < MissesBeforeGone && memory.Condition.Kind != ConditionKind.Stopped
            ? memory.Condition
            : new Condition(ConditionKind.Stopped) { Reason = "Its container is not there." },
        _ => memory.Misses < MissesBeforeDown ? memory.Condition : Silent(look),
    };

    private static Condition Running(ServiceMemory memory, ServiceAnswer answer, ContainerState state, DateTimeOffset now)
    {
        if (memory.Crashes > 0 && !HasSettled(memory, now))
        {
            return new Condition(ConditionKind.Crashed) { Reason = "It ended by itself and was started again." };
        }

        if (answer is not ServiceAnswer.Bad { Problem: var problem })
        {
            return state.Health switch
            {
                "unhealthy" => new Condition(ConditionKind.Stuck) { Reason = "It runs, but its own health check fails." },
                "starting" => new Condition(ConditionKind.Starting) { Reason = "It runs, and checks itself." },
                _ => new Condition(ConditionKind.Working),
            };
        }

        if (!memory.HasAnswered && memory.RunningSince is { } since && now - since < StartGrace)
        {
            return new Condition(ConditionKind.Starting) { Reason = "It runs, but does not answer yet." };
        }

        if (memory.Misses < MissesBeforeDown)
        {
            return memory.Condition.Kind is ConditionKind.Working or ConditionKind.Busy
                ? new Condition(ConditionKind.Busy) { Reason = "It runs, but did not answer the last time." }
                : memory.Condition;
        }

        return new Condition(ConditionKind.Stuck) { Reason = $"It runs, but does not answer: {problem}." };
    }

    private static Condition Silent(ServiceLook look) => look switch
    {
        { Container: ContainerLook.HostFailed { Fault: var fault } } => new Condition(WordFor(fault.Kind)) { Reason = fault.Message },
        { Answer: ServiceAnswer.Bad { Problem: var problem } } => new Condition(ConditionKind.Unreachable) { Reason = $"No answer: {problem}." },
        { Container: ContainerLook.Unclear { Reason: var reason } } => new Condition(ConditionKind.Unknown) { Reason = $"Nothing is known: {reason}." },
        _ => new Condition(ConditionKind.Unknown) { Reason = "There is nothing to look at: no port and no container." },
    };

    // A host that answers and does not let us in says nothing about the service on it.
    private static ConditionKind WordFor(HostFaultKind kind) => kind switch
    {
        HostFaultKind.Unreachable or HostFaultKind.Thrashing or HostFaultKind.ConnectionLost or HostFaultKind.DeadlineExceeded => ConditionKind.Unreachable,
        _ => ConditionKind.Unknown,
    };

    private static string CrashReason(ContainerState state)
    {
        var reason = state switch
        {
            { IsOutOfMemory: true } => "It ran out of memory.",
            { Status: "restarting" } => $"It keeps ending with exit code {state.ExitCode}, and docker starts it again.",
            _ => $"It ended by itself with exit code {state.ExitCode}.",
        };
        return state.Error is { } error ? $"{reason} Docker says: {error}" : reason;
    }

    private static string StopReason(ContainerState state) => state switch
    {
        { Status: "paused" } => "It is paused.",
        { Status: "created" } => "It was never started.",
        { Status: "removing" } => "It is being removed.",
        { Status: "exited", ExitCode: 137 } => "It was ended from outside: stopped, or killed because memory ran out.",
        { Status: "exited", ExitCode: 0 } => "It ended without an error.",
        _ => "Somebody stopped it.",
    };
}
