using System.Text.Json.Serialization;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.View;
using Appliance.Reservations;
using Appliance.Swaps;

namespace Appliance.View;

internal sealed record LaneWire
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Hosts { get; init; }

    public required int Port { get; init; }

    public required ConditionWire Condition { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ServingWire? Current { get; init; }

    /// <summary>What somebody did here by other means than the appliance, as a sentence; absent when nothing.</summary>
    public string? Drift { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public SwapWire? Swap { get; init; }

    /// <summary>The jobs that wait, in the order in which they are expected to be fulfilled.</summary>
    public required IReadOnlyList<SwapWire> Queue { get; init; }

    public SwapWire? LastSwap { get; init; }

    /// <summary>Requests that wait in the appliance: for this model to be loaded, or for their turn.</summary>
    public required int WaitingRequests { get; init; }

    public required LockWire Lock { get; init; }

    public static LaneWire From(LaneSnapshot lane, ClockReading now) => new()
    {
        Id = lane.Definition.Id.Value,
        Name = lane.Definition.Name,
        Hosts = [.. lane.Definition.Hosts.Select(host => host.Value)],
        Port = lane.Definition.Port,
        Condition = ConditionWire.From(lane.Condition),
        Current = lane.Serving is { } serving ? ServingWire.From(serving) : null,
        Drift = lane.Drift,
        Swap = lane.Swap is { } swap ? SwapWire.From(swap) : null,
        Queue = [.. lane.Queue.Select(SwapWire.From)],
        LastSwap = lane.LastSwap is { } last ? SwapWire.From(last) : null,
        WaitingRequests = lane.WaitingRequests,
        Lock = LockWire.From(lane.Reservation?.At(now)),
    };
}
