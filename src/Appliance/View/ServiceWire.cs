using Appliance.Cluster.Health;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.View;

internal sealed record ServiceWire
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Purpose { get; init; }

    public required ServiceKind Kind { get; init; }

    public required string Host { get; init; }

    public int? Port { get; init; }

    public required ConditionKind State { get; init; }

    public DateTimeOffset? Since { get; init; }

    public string? Reason { get; init; }

    public int? Crashes { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>What can be done with it from here.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    public static ServiceWire From(ServiceSnapshot service) => new()
    {
        Id = service.Definition.Id.Value,
        Name = service.Definition.Name,
        Purpose = service.Definition.Purpose,
        Kind = service.Definition.Kind,
        Host = service.Definition.Host.Value,
        Port = service.Definition.Port,
        State = service.Condition.Kind,
        Since = service.Condition.Since,
        Reason = service.Condition.Reason,
        Crashes = service.Condition.Crashes > 0 ? service.Condition.Crashes : null,
        LastSeen = service.Condition.LastSeen,
        Actions = [],
    };
}
