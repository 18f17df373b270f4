using Appliance.Cluster.Models;
using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

/// <summary>What became of the wish. Without <c>job_id</c> nothing had to be done.</summary>
internal sealed record SwapAcceptedWire(string? JobId, string State, int? Position, string? Model, string? Url, string? EventsUrl, double? EstimateSeconds)
{
    public static SwapAcceptedWire From(SwapJob job) => new(
        job.Id.Value,
        StateWords.Of(job.State),
        job.Position,
        job.Model?.Value,
        SwapUrls.Of(job.Id),
        SwapUrls.EventsOf(job.Id),
        job.Eta?.TotalSeconds);

    public static SwapAcceptedWire AlreadyLive(ModelCard model) => new(null, StateWords.Of(SwapState.Live), null, model.Id.Value, null, null, null);

    public static SwapAcceptedWire AlreadyStopped { get; } = new(null, "stopped", null, null, null, null, null);
}
