using System.Diagnostics;
using Appliance.Cluster.Health;

namespace Appliance.Ui;

/// <summary>The honest words. Pure.</summary>
public static class ConditionWords
{
    public static string Word(Condition condition) => condition.Kind switch
    {
        ConditionKind.Unknown => "Not known yet",
        ConditionKind.Working => "Working",
        ConditionKind.Busy => "Busy",
        ConditionKind.Starting => "Starting",
        ConditionKind.Stopped => "Stopped on purpose",
        ConditionKind.Stuck => "Stuck",
        ConditionKind.Crashed when condition.Crashes > 1 => $"Crashed {condition.Crashes} times",
        ConditionKind.Crashed => "Crashed",
        ConditionKind.Unreachable => "Does not answer",
        _ => throw new UnreachableException(),
    };

    public static Tone ToneOf(ConditionKind kind) => kind switch
    {
        ConditionKind.Working => Tone.Ok,
        ConditionKind.Busy => Tone.Busy,
        ConditionKind.Starting => Tone.Warm,
        ConditionKind.Stuck or ConditionKind.Crashed or ConditionKind.Unreachable => Tone.Bad,
        ConditionKind.Unknown or ConditionKind.Stopped => Tone.Off,
        _ => throw new UnreachableException(),
    };
}
