using System.Collections.Immutable;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Routing;

/// <summary>A lane as the gateway sees it. Pure.</summary>
internal static class LaneUpstream
{
    /// <summary>Null for a lane without an address: its head host is not defined.</summary>
    public static Upstream? From(LaneDefinition definition, ClusterSnapshot snapshot, ClusterDefinition cluster)
    {
        if (cluster.FindEndpoint(definition) is not { } address)
        {
            return null;
        }

        var idle = new Upstream
        {
            Id = definition.Id.Value,
            Task = UpstreamTask.Chat,
            Address = address,
            ServedName = string.Empty,
            Availability = UpstreamAvailability.Down,
            Reason = $"The lane {definition.Name} has not been looked at yet.",
        };
        return snapshot.FindLane(definition.Id) switch
        {
            null => idle,
            { Swap: { } job } when IsUnderWay(job) => Swapping(idle, definition, job, snapshot),
            { Serving: { } serving } lane => Loaded(idle, definition, lane, serving, snapshot),
            var lane => Empty(idle, definition, lane.Condition),
        };
    }

    /// <summary>From draining on the old model gets no new requests; before that nothing has been touched.</summary>
    public static bool IsUnderWay(SwapJob job) => !job.State.IsTerminal() && job.State is not (SwapState.Queued or SwapState.Preflight);

    private static Upstream Swapping(Upstream idle, LaneDefinition definition, SwapJob job, ClusterSnapshot snapshot)
    {
        var isRollingBack = job.Steps.Any(step => step is { Kind: SwapStepKind.RollBack, StartedAt: not null, EndedAt: null });
        var (model, name) = isRollingBack ? (job.From, job.FromName) : (job.Model, job.ModelName);
        if (job.Kind == SwapKind.Stop || model is not { } id)
        {
            return idle with { Reason = $"The model on the lane {definition.Name} is being stopped." };
        }

        var card = snapshot.Models.FirstOrDefault(candidate => candidate.Id == id);
        var servedName = (isRollingBack ? null : job.ServedName) ?? card?.Recipe?.ServedName ?? string.Empty;
        return idle with
        {
            Task = TaskOf(card?.Capabilities ?? []),
            ServedName = servedName,
            ModelId = id.Value,
            Names = Names(id, card, servedName),
            MaxModelLength = card?.ContextLength,
            Availability = UpstreamAvailability.Loading,
            Reason = $"{name ?? id.Value} is being loaded.",
            Progress = job.Progress,
            Eta = job.Eta,
        };
    }

    private static Upstream Loaded(Upstream idle, LaneDefinition definition, LaneSnapshot lane, ServingModel serving, ClusterSnapshot snapshot)
    {
        var card = serving.Id is { } id ? snapshot.Models.FirstOrDefault(candidate => candidate.Id == id) : null;
        var isDown = lane.Condition.Kind is ConditionKind.Stuck or ConditionKind.Crashed or ConditionKind.Unreachable or ConditionKind.Stopped;
        return idle with
        {
            Task = TaskOf(serving.Capabilities),
            ServedName = serving.ServedName,
            ModelId = serving.Id?.Value,
            Names = Names(serving.Id, card, serving.ServedName),
            MaxModelLength = serving.ContextLength,
            Since = serving.Since,
            Availability = isDown ? UpstreamAvailability.Down : UpstreamAvailability.Serving,
            Reason = isDown ? WhyDown(serving.Name, definition, lane.Condition) : null,
        };
    }

    private static Upstream Empty(Upstream idle, LaneDefinition definition, Condition condition) => condition.Kind switch
    {
        ConditionKind.Unknown => idle,
        ConditionKind.Starting => idle with
        {
            Availability = UpstreamAvailability.Loading,
            Reason = $"A model is starting on the lane {definition.Name}.",
        },
        _ => idle with { Reason = WhyDown("The model", definition, condition) },
    };

    private static string WhyDown(string model, LaneDefinition definition, Condition condition)
    {
        var sentence = condition.Kind switch
        {
            ConditionKind.Stuck => $"{model} on the lane {definition.Name} is stuck: it takes requests and answers nothing.",
            ConditionKind.Crashed => $"{model} on the lane {definition.Name} has crashed.",
            ConditionKind.Unreachable => $"The lane {definition.Name} cannot be reached.",
            _ => $"No model is loaded on the lane {definition.Name}. Start one on the dashboard, or with POST /api/swap.",
        };
        return condition.Reason is { } reason ? $"{sentence} {reason}" : sentence;
    }

    private static UpstreamTask TaskOf(ImmutableArray<Capability> capabilities) =>
        capabilities.Contains(Capability.Chat) ? UpstreamTask.Chat
        : capabilities.Contains(Capability.Embedding) || capabilities.Contains(Capability.Rerank) ? UpstreamTask.Embeddings
        : capabilities.Contains(Capability.Asr) ? UpstreamTask.Transcription
        : UpstreamTask.Chat;

    private static ImmutableArray<string> Names(ModelId? id, ModelCard? card, string servedName)
    {
        string?[] names = [id?.Value, card?.Repo.ToString(), servedName, card?.Recipe?.ServedName];
        return [.. names.OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}
