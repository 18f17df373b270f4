using System.Text.Json.Serialization;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.View;
using Appliance.Reservations;
using Appliance.Swaps;

namespace Appliance.View;

/// <summary>The whole snapshot. <c>current</c>, <c>swap</c> and <c>lock</c> at the top are those of the main lane.</summary>
internal sealed record StatusWire
{
    public required long Generation { get; init; }

    public required DateTimeOffset ObservedAt { get; init; }

    public required bool Demo { get; init; }

    public required string Headline { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ServingWire? Current { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public SwapWire? Swap { get; init; }

    public required LockWire Lock { get; init; }

    public required IReadOnlyList<LaneWire> Lanes { get; init; }

    public required IReadOnlyList<HostWire> Hosts { get; init; }

    public required IReadOnlyList<ServiceWire> Services { get; init; }

    public required IReadOnlyList<AttentionWire> Attention { get; init; }

    public static StatusWire From(ClusterSnapshot snapshot, ClockReading now)
    {
        var main = snapshot.MainLane is { } mainLane ? LaneWire.From(mainLane, now) : null;
        return new StatusWire
        {
            Generation = snapshot.Generation,
            ObservedAt = snapshot.ObservedAt,
            Demo = snapshot.IsDemo,
            Headline = snapshot.Headline,
            Current = main?.Current,
            Swap = main?.Swap,
            Lock = main?.Lock ?? LockWire.From(null),
            Lanes = [.. snapshot.Lanes.Select(lane => LaneWire.From(lane, now))],
            Hosts = [.. snapshot.Hosts.Select(HostWire.From)],
            Services = [.. snapshot.Services.Select(ServiceWire.From)],
            Attention = [.. snapshot.Attention.Select(AttentionWire.From)],
        };
    }
}
