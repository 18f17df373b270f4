using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Webhooks;

/// <summary>A message as it lies in the table <c>webhooks</c>; times are Unix milliseconds.</summary>
internal sealed class StoredWebhook
{
    public long Number { get; init; }

    public string Id { get; init; } = "";

    public string Event { get; init; } = "";

    public string? JobId { get; init; }

    public string Subject { get; init; } = "";

    public string Body { get; init; } = "";

    public string State { get; init; } = "";

    public long Attempts { get; init; }

    public long Failures { get; init; }

    public long CreatedAt { get; init; }

    public long? TriedAt { get; init; }

    public long? Status { get; init; }

    public string? Problem { get; init; }

    public long Wait { get; init; }

    public long Waited { get; init; }

    public long? EndedAt { get; init; }

    public static StoredWebhook Of(WebhookEntry entry) => new()
    {
        Number = entry.Number,
        Id = entry.Id.Value,
        Event = entry.Event,
        JobId = entry.Job?.Value,
        Subject = entry.Subject,
        Body = entry.Body,
        State = entry.State.ToString(),
        Attempts = entry.Attempts,
        Failures = entry.Failures,
        CreatedAt = entry.CreatedAt.ToUnixTimeMilliseconds(),
        TriedAt = entry.TriedAt?.ToUnixTimeMilliseconds(),
        Status = entry.Status,
        Problem = entry.Problem,
        Wait = (long)entry.Wait.TotalMilliseconds,
        Waited = (long)entry.Waited.TotalMilliseconds,
        EndedAt = entry.EndedAt?.ToUnixTimeMilliseconds(),
    };

    public WebhookEntry ToEntry() => new()
    {
        Number = Number,
        Id = WebhookId.Parse(Id),
        Event = Event,
        Job = SwapJobId.TryParse(JobId, out var job) ? job : null,
        Subject = Subject,
        Body = Body,
        State = Enum.Parse<WebhookState>(State),
        Attempts = (int)Attempts,
        Failures = (int)Failures,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        TriedAt = Time(TriedAt),
        Status = (int?)Status,
        Problem = Problem,
        Wait = TimeSpan.FromMilliseconds(Wait),
        Waited = TimeSpan.FromMilliseconds(Waited),
        EndedAt = Time(EndedAt),
    };

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
