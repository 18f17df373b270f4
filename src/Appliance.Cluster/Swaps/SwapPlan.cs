using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Fit;
using Appliance.Cluster.Models;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Swaps;

/// <summary>The receipt before the click: what a swap would do. Making one touches nothing.</summary>
public sealed record SwapPlan
{
    /// <summary>The wanted model.</summary>
    public required ModelCard Model { get; init; }

    /// <summary>The lane.</summary>
    public required LaneDefinition Lane { get; init; }

    /// <summary>The name of the model that stops; null when nothing runs.</summary>
    public string? Stops { get; init; }

    /// <summary>Its answers under way, as it reports them; null when it does not.</summary>
    public int? RunningRequests { get; init; }

    /// <summary>The place in the line that the job would get, from 1; null when it would begin at once.</summary>
    public int? Position { get; init; }

    /// <summary>How long its running answers may go on before they are cut.</summary>
    public required TimeSpan DrainLimit { get; init; }

    /// <summary>Somebody's reservation that would be ended first, by force; null when none is in the way.</summary>
    public Reservation? Ends { get; init; }

    /// <summary>Exactly what would be run.</summary>
    public required LaunchPlan Launch { get; init; }

    /// <summary>Memory; null while that cannot be said.</summary>
    public FitVerdict? Fit { get; init; }

    /// <summary>How long it took the last times on these hosts; null until earned.</summary>
    public LoadEstimate? Estimate { get; init; }

    /// <summary>How the last swaps on this lane ended, newest first, at most 10.</summary>
    public ImmutableArray<SwapState> LastOutcomes { get; init; } = [];
}
