using Appliance.Cluster.Webhooks;

namespace Appliance.Webhooks;

/// <summary>One message and what became of it.</summary>
internal sealed record WebhookWire
{
    /// <summary>The header webhook-id of every try.</summary>
    public required string Id { get; init; }

    public required string Event { get; init; }

    /// <summary>Absent for a test.</summary>
    public string? JobId { get; init; }

    /// <summary>The name of the model.</summary>
    public required string Subject { get; init; }

    public required WebhookState State { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastAttemptAt { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The HTTP status of the last answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>Why the last try did not work, in a sentence.</summary>
    public string? LastError { get; init; }

    public static WebhookWire From(WebhookEntry entry) => new()
    {
        Id = entry.Id.Value,
        Event = entry.Event,
        JobId = entry.Job?.Value,
        Subject = entry.Subject,
        State = entry.State,
        Attempts = entry.Attempts,
        CreatedAt = entry.CreatedAt,
        LastAttemptAt = entry.TriedAt,
        NextAttemptAt = entry.NextAttemptAt,
        EndedAt = entry.EndedAt,
        LastStatus = entry.Status,
        LastError = entry.Problem,
    };
}
