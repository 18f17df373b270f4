using Appliance.Cluster.Health;

namespace Appliance.View;

internal sealed record ConditionWire(ConditionKind State, string? Reason, DateTimeOffset? Since, int? Crashes, DateTimeOffset? LastSeen)
{
    public static ConditionWire From(Condition condition) => new(
        condition.Kind,
        condition.Reason,
        condition.Since,
        condition.Crashes > 0 ? condition.Crashes : null,
        condition.LastSeen);
}
