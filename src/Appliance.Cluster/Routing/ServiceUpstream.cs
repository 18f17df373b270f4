using System.Collections.Immutable;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Routing;

/// <summary>A service as the gateway sees it. Pure.</summary>
internal static class ServiceUpstream
{
    /// <summary>Null for a service that requests cannot be sent to: a bot, a vector store, one without a port or host.</summary>
    public static Upstream? From(ServiceDefinition definition, ClusterSnapshot snapshot, ClusterDefinition cluster)
    {
        if (TaskOf(definition.Kind) is not { } task || cluster.FindEndpoint(definition) is not { } address)
        {
            return null;
        }

        var condition = snapshot.Services.FirstOrDefault(service => service.Definition.Id == definition.Id)?.Condition ?? Condition.Unknown;
        return new Upstream
        {
            Id = definition.Id.Value,
            Task = task,
            Address = address,
            ServedName = string.Empty,
            Names = [definition.Id.Value],
            Capabilities = CapabilitiesOf(definition.Kind),
            Since = condition.Since,
            // Not looked at yet is no reason to refuse: the attempt tells.
            Availability = condition.Kind switch
            {
                ConditionKind.Working or ConditionKind.Busy or ConditionKind.Unknown => UpstreamAvailability.Serving,
                ConditionKind.Starting => UpstreamAvailability.Loading,
                _ => UpstreamAvailability.Down,
            },
            Reason = WhyNot(definition.Name, condition),
        };
    }

    private static UpstreamTask? TaskOf(ServiceKind kind) => kind switch
    {
        ServiceKind.Embeddings => UpstreamTask.Embeddings,
        ServiceKind.Transcription => UpstreamTask.Transcription,
        ServiceKind.Speech => UpstreamTask.Speech,
        _ => null,
    };

    private static ImmutableArray<Capability> CapabilitiesOf(ServiceKind kind) => kind switch
    {
        ServiceKind.Embeddings => [Capability.Embedding],
        ServiceKind.Transcription => [Capability.Asr],
        _ => [],
    };

    private static string? WhyNot(string name, Condition condition)
    {
        var sentence = condition.Kind switch
        {
            ConditionKind.Starting => $"The service {name} is starting.",
            ConditionKind.Stopped => $"The service {name} is stopped.",
            ConditionKind.Stuck => $"The service {name} is stuck: it takes requests and answers nothing.",
            ConditionKind.Crashed => $"The service {name} has crashed.",
            ConditionKind.Unreachable => $"The service {name} cannot be reached.",
            _ => null,
        };
        return sentence is not null && condition.Reason is { } reason ? $"{sentence} {reason}" : sentence;
    }
}
