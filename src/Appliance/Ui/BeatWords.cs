using System.Collections.Immutable;
using Appliance.Cluster.Health;

namespace Appliance.Ui;

/// <summary>The heartbeat bar in words.</summary>
internal static class BeatWords
{
    public static string Css(ConditionKind kind) => ConditionWords.ToneOf(kind).ToCss();

    public static string Describe(ImmutableArray<ConditionKind> kinds)
    {
        if (kinds.IsEmpty)
        {
            return "Not looked at yet";
        }

        var good = kinds.Count(kind => kind is ConditionKind.Working or ConditionKind.Busy);
        return good == kinds.Length
            ? $"It answered every time in the last {kinds.Length} looks"
            : $"It answered {good} of the last {kinds.Length} looks";
    }
}
