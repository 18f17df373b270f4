using System.Collections.Immutable;
using System.Globalization;
using Appliance.Cluster.Events;

namespace Appliance.Cluster.Webhooks;

/// <summary>What the outbox says in the list of events. Pure.</summary>
internal static class WebhookSentences
{
    /// <summary>The event of a message that is not tried any more.</summary>
    public static ApplianceEvent GivenUp(WebhookEntry entry, DateTimeOffset now)
    {
        var details = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        details["webhook_id"] = entry.Id.Value;
        details["attempts"] = entry.Attempts.ToString(CultureInfo.InvariantCulture);
        if (entry.Job is { } job)
        {
            details["job_id"] = job.Value;
        }

        if (entry.Status is { } status)
        {
            details["status"] = status.ToString(CultureInfo.InvariantCulture);
        }

        return new ApplianceEvent
        {
            At = now,
            Type = EventTypes.WebhookGivenUp,
            Severity = EventSeverity.Warning,
            Component = "webhooks",
            CorrelationId = entry.Job?.Value ?? entry.Id.Value,
            Sentence = $"The message about {entry.Subject} was not taken by its receiver and is not tried any more",
            Details = details.ToImmutable(),
        };
    }
}
