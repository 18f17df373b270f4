using System.Collections.Immutable;
using Appliance.Cluster.Health;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.View;

/// <summary>A lane at one moment.</summary>
public sealed record LaneSnapshot
{
    /// <summary>What it is.</summary>
    public required LaneDefinition Definition { get; init; }

    /// <summary>How it is.</summary>
    public Condition Condition { get; init; } = Condition.Unknown;

    /// <summary>The model that was seen to generate within the last observation period; null when none was.</summary>
    public ServingModel? Serving { get; init; }

    /// <summary>What somebody did here by other means than the appliance, as a sentence; null when nothing, or when it no longer matters.</summary>
    public string? Drift { get; init; }

    /// <summary>The job that runs; null without one.</summary>
    public SwapJob? Swap { get; init; }

    /// <summary>The jobs that wait for their turn, in the order in which they are expected to be fulfilled.</summary>
    public ImmutableArray<SwapJob> Queue { get; init; } = [];

    /// <summary>The last job that ended since the appliance started or from history; null without one.</summary>
    public SwapJob? LastSwap { get; init; }

    /// <summary>Who keeps the lane for themselves; null when nobody does. May have just run out: ask it with <see cref="Reservation.At"/>.</summary>
    public Reservation? Reservation { get; init; }

    /// <summary>Requests that wait here in the appliance: for the lane's model to be loaded, or for their turn.</summary>
    public int WaitingRequests { get; init; }

    /// <summary>Tokens per second over the last hour, oldest first, one value a minute; null where nothing was measured.</summary>
    public ImmutableArray<double?> SpeedHistory { get; init; } = [];
}
