using Appliance.Cluster.Shell;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Health;

/// <summary>A host's next snapshot from what was seen. Pure.</summary>
internal static class HostReadings
{
    /// <summary>One lost connection is not an outage; the second in a row is.</summary>
    public const int FailuresUntilShown = 2;

    /// <summary>It answered.</summary>
    public static HostSnapshot Answered(HostSnapshot before, HostFacts facts, DateTimeOffset now) => before with
    {
        Condition = before.Condition.Kind == ConditionKind.Working
            ? before.Condition with { LastSeen = now }
            : new Condition(ConditionKind.Working) { Since = now, LastSeen = now },
        Fault = null,
        ObservedAt = now,
        MemoryTotal = facts.MemoryTotal,
        MemoryAvailable = facts.MemoryAvailable,
        MemoryOfModels = facts.MemoryOfModels,
        DiskFree = facts.DiskFree,
        GpuName = facts.GpuName,
        TemperatureCelsius = facts.TemperatureCelsius,
        PowerWatts = facts.PowerWatts,
        GpuPercent = facts.GpuPercent,
        Load = facts.Load,
        LinkMegabits = facts.LinkMegabits,
        VpnAddress = facts.VpnAddress,
    };

    /// <summary>It did not, for the <paramref name="failures"/>th time in a row. Readings stay, with the time they are from.</summary>
    public static HostSnapshot Failed(HostSnapshot before, HostFault fault, int failures, DateTimeOffset now)
    {
        var isPassing = fault.Kind is HostFaultKind.Unreachable or HostFaultKind.ConnectionLost or HostFaultKind.DeadlineExceeded or HostFaultKind.Overloaded;
        if (isPassing && failures < FailuresUntilShown && before.Condition.Kind == ConditionKind.Working)
        {
            return before;
        }

        var kind = WordFor(fault.Kind);
        var next = before with
        {
            Fault = fault,
            Condition = new Condition(kind)
            {
                Reason = fault.Message,
                Since = before.Condition.Kind == kind ? before.Condition.Since ?? now : now,
                LastSeen = before.ObservedAt,
            },
        };
        return next == before ? before : next;
    }

    // Unreachable is said only of a machine that did not answer. One that answers and refuses us, or that we may not talk to, is in unknown condition.
    private static ConditionKind WordFor(HostFaultKind kind) => kind switch
    {
        HostFaultKind.Unreachable or HostFaultKind.Thrashing or HostFaultKind.ConnectionLost or HostFaultKind.DeadlineExceeded => ConditionKind.Unreachable,
        HostFaultKind.AuthenticationFailed or HostFaultKind.HostKeyUnknown or HostFaultKind.HostKeyChanged or HostFaultKind.KeyUnusable
            or HostFaultKind.UnexpectedShell or HostFaultKind.OnlyWatched or HostFaultKind.Overloaded or HostFaultKind.NotPrepared => ConditionKind.Unknown,
        _ => ConditionKind.Unknown,
    };
}
