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
            { Swap: { } job } when IsUnderWay(job) => Swapping(idle, definition.Name, job, snapshot),
            { Serving: { } serving } lane => Loaded(idle, definition, lane, serving, snapshot),
            var lane => Empty(idle, definition, lane.Condition),
        };
    }

    /// <summary>From draining on the old model gets no new requests; before that nothing has been touched.</summary>
    public static bool IsUnderWay(SwapJob job) => !job.State.IsTerminal() && job.State is not (SwapState.Queued or SwapState.Preflight);

    /// <summary>A job that has been accepted and has touched nothing yet: what its lane will be. Null for a job that only stops something.</summary>
    public static Upstream? Coming(Upstream now, SwapJob job, ClusterSnapshot snapshot) => job is { Kind: SwapKind.Swap, Model: not null } && !job.State.IsTerminal()
        ? Swapping(now with { Names = [], Since = null, Load = null, MaxModelLength = null }, now.Id, job, snapshot)
        : null;

    private static Upstream Swapping(Upstream idle, string laneName, SwapJob job, ClusterSnapshot snapshot)
    {
        var isRollingBack = job.Steps.Any(step => step is { Kind: SwapStepKind.RollBack, StartedAt: not null, EndedAt: null });
        var (model, name) = isRollingBack ? (job.From, job.FromName) : (job.Model, job.ModelName);
        if (job.Kind == SwapKind.Stop || model is not { } id)
        {
            return idle with { Reason = $"The model on the lane {laneName} is being stopped." };
        }

        var card = snapshot.Models.FirstOrDefault(candidate => candidate.Id == id);
        var servedName = (isRollingBack ? null : job.ServedName) ?? card?.Recipe?.ServedName ?? string.Empty;
        return idle with
        {
            Task = TaskOf(card?.Capabilities ?? []),
            Capabilities = card?.Capabilities ?? [],
            ServedName = servedName,
            ModelId = id.Value,
            Names = Names(id, card, servedName),
            MaxModelLength = card?.ContextLength,
            Availability = UpstreamAvailability.Loading,
            Reason = job.State == SwapState.Queued ? $"{name ?? id.Value} waits for its turn to be loaded." : $"{name ?? id.Value} is being loaded.",
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
            Capabilities = serving.Capabilities,
            Load = serving.Running is null && serving.Waiting is null ? null : (serving.Running ?? 0) + (serving.Waiting ?? 0),
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

    /// <summary>What a model with these capabilities is asked for.</summary>
    public static UpstreamTask TaskOf(ImmutableArray<Capability> capabilities) =>
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
