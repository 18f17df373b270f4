using Appliance.Cluster.Swaps;
using Appliance.Models;

namespace Appliance.Swaps;

/// <summary>What a swap would do. Nothing was touched.</summary>
internal sealed record SwapPlanWire
{
    public bool DryRun { get; } = true;

    public required string Model { get; init; }

    public required string ModelName { get; init; }

    public required string Lane { get; init; }

    /// <summary>The place in the line that the job would get; absent when it would begin at once.</summary>
    public int? Position { get; init; }

    /// <summary>The model that would stop; absent when nothing runs.</summary>
    public string? Stops { get; init; }

    /// <summary>Its answers under way.</summary>
    public int? RunningRequests { get; init; }

    /// <summary>How long those may take to finish before they are cut.</summary>
    public required double DrainSeconds { get; init; }

    /// <summary>Whose reservation force would end first; absent when none is in the way.</summary>
    public string? EndsReservationOf { get; init; }

    public required string ServedName { get; init; }

    public required IReadOnlyList<SwapHostPlanWire> Hosts { get; init; }

    public FitWire? Fit { get; init; }

    public LoadEstimateWire? Estimate { get; init; }

    public required IReadOnlyList<SwapState> LastOutcomes { get; init; }

    public static SwapPlanWire From(SwapPlan plan) => new()
    {
        Model = plan.Model.Id.Value,
        ModelName = plan.Model.Name,
        Lane = plan.Lane.Id.Value,
        Position = plan.Position,
        Stops = plan.Stops,
        RunningRequests = plan.RunningRequests,
        EndsReservationOf = plan.Ends?.Holder,
        DrainSeconds = plan.DrainLimit.TotalSeconds,
        ServedName = plan.Launch.ServedName,
        Hosts = SwapHostPlanWire.From(plan.Launch),
        Fit = plan.Fit is { } fit ? FitWire.From(fit) : null,
        Estimate = plan.Estimate is { } estimate ? LoadEstimateWire.From(estimate) : null,
        LastOutcomes = plan.LastOutcomes,
    };
}
