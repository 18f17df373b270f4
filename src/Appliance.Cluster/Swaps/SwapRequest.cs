using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;

namespace Appliance.Cluster.Swaps;

/// <summary>"Make this the running model."</summary>
public sealed record SwapRequest
{
    /// <summary>An id, a repo, a served name or an alias, as the caller wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>The lane.</summary>
    public LaneId Lane { get; init; } = LaneId.Main;

    /// <summary>Who asks, in words.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Whether to wait for one's turn when something else is being changed, instead of being refused.</summary>
    public bool Queue { get; init; }

    /// <summary>What the caller shows to be let past a reservation.</summary>
    public LanePass Pass { get; init; } = LanePass.None;

    /// <summary>A note for the history; null without one.</summary>
    public string? Note { get; init; }

    /// <summary>The caller's key: the same key answers the same job for 24 h. Null without one.</summary>
    public string? IdempotencyKey { get; init; }
}
