using System.Collections.Immutable;
using Appliance.Cluster.Events;

namespace Appliance.Cluster.Swaps;

/// <summary>What a job says in the list of events. Pure.</summary>
internal static class SwapSentences
{
    /// <summary>The event of an accepted job.</summary>
    public static ApplianceEvent Started(SwapJob job) => Event(job, EventTypes.SwapStarted, EventSeverity.Info, job.Kind == SwapKind.Stop
        ? $"{job.ModelName} is being stopped, asked for by {job.RequestedBy}"
        : $"Changing to {job.ModelName}, asked for by {job.RequestedBy}");

    /// <summary>The event of an accepted job that waits.</summary>
    public static ApplianceEvent Queued(SwapJob job) =>
        Event(job, EventTypes.SwapQueued, EventSeverity.Info, $"The change to {job.ModelName}, asked for by {job.RequestedBy}, waits for its turn");

    /// <summary>The one event of a job that ended.</summary>
    public static ApplianceEvent Ended(SwapJob job) => (job.State, job.Kind) switch
    {
        (SwapState.Live, SwapKind.Stop) => Event(job, EventTypes.LaneStopped, EventSeverity.Info, $"{job.ModelName} was stopped by {job.RequestedBy}"),
        (SwapState.Live, _) when SwapSteps.HasOnlyWaited(job) => Event(job, EventTypes.SwapComplete, EventSeverity.Info, $"{job.ModelName}, asked for by {job.RequestedBy}, runs already"),
        (SwapState.Live, _) => Event(job, EventTypes.SwapComplete, EventSeverity.Info, $"Changed to {job.ModelName} in {Duration(job)}"),
        (SwapState.Cancelled, _) when job.RolledBackTo is null && job.Steps.All(step => step.Kind != SwapStepKind.RollBack) =>
            Event(job, EventTypes.SwapFailed, EventSeverity.Info, $"The change to {job.ModelName} was cancelled before anything was touched"),
        (SwapState.Cancelled or SwapState.RolledBack, _) when job.RolledBackTo is not null =>
            Event(job, EventTypes.SwapFailed, EventSeverity.Warning, $"{job.FromName} is back: {Lower(job.Failure?.Message)}"),
        _ => Event(job, EventTypes.SwapFailed, EventSeverity.Error, job.Failure?.Message ?? $"The change to {job.ModelName} did not work"),
    };

    /// <summary>The remark of a start of the model that was shown as running.</summary>
    public static string Silent(string model) => $"{model} was shown as running, but it gave no answer when it was asked, so it is started again.";

    /// <summary>The details that have a value.</summary>
    public static ImmutableSortedDictionary<string, string> Details(params ReadOnlySpan<(string Key, string? Value)> details)
    {
        var known = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in details)
        {
            if (value is not null)
            {
                known[key] = value;
            }
        }

        return known.ToImmutable();
    }

    private static ApplianceEvent Event(SwapJob job, string type, EventSeverity severity, string sentence) =>
        new()
        {
            At = job.EndedAt ?? job.Steps.LastOrDefault(step => step.StartedAt is not null)?.StartedAt ?? job.StartedAt,
            Type = type,
            Severity = severity,
            Component = "swaps",
            CorrelationId = job.Id.Value,
            Sentence = sentence,
            Details = Details(
                ("job_id", job.Id.Value),
                ("lane", job.Lane.Value),
                ("requested_by", job.RequestedBy),
                ("epoch", job.Epoch.ToString()),
                ("model", job.Model?.Value),
                ("from_model", job.From?.Value),
                ("rolled_back_to", job.RolledBackTo?.Value),
                ("error_code", job.Failure?.Code),
                ("state", job.State.IsTerminal() ? System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(job.State.ToString()) : null)),
        };

    private static string Duration(SwapJob job)
    {
        var took = job.EndedAt!.Value - (job.Steps.FirstOrDefault(step => step.Kind == SwapStepKind.Check)?.StartedAt ?? job.StartedAt);
        return took < TimeSpan.FromMinutes(1) ? $"{took.TotalSeconds:0} s" : $"{(int)took.TotalMinutes} min {took.Seconds} s";
    }

    private static string Lower(string? sentence) => string.IsNullOrEmpty(sentence) ? "the change did not work" : sentence;
}
