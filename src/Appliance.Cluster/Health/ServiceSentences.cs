using System.Collections.Immutable;
using System.Diagnostics;
using Appliance.Cluster.Events;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Health;

/// <summary>What the list of events says of a service. Pure.</summary>
internal static class ServiceSentences
{
    public static ApplianceEvent Turned(ServiceDefinition service, Condition condition, ConditionKind now, DateTimeOffset at)
    {
        var (severity, sentence) = now switch
        {
            ConditionKind.Working => (EventSeverity.Info, $"{service.Name} is well again"),
            ConditionKind.Stopped => (EventSeverity.Info, $"{service.Name} was stopped"),
            ConditionKind.Crashed => (EventSeverity.Error, $"{service.Name} crashed: {condition.Reason}"),
            ConditionKind.Stuck => (EventSeverity.Error, $"{service.Name} no longer answers: {condition.Reason}"),
            ConditionKind.Unreachable => (EventSeverity.Error, $"{service.Name} cannot be reached: {condition.Reason}"),
            _ => throw new UnreachableException(),
        };
        return new ApplianceEvent
        {
            At = at,
            Type = EventTypes.ConditionChanged,
            Severity = severity,
            Component = "health",
            Sentence = sentence,
            Details = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
                .Add("service", service.Id.Value)
                .Add("host", service.Host.Value)
                .Add("state", now.ToString().ToLowerInvariant()),
        };
    }
}
