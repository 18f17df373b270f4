using System.Text.Json;
using System.Text.Json.Serialization;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;

namespace Appliance.Cluster.Webhooks;

/// <summary>What a message says, with the names of the HTTP contract. Null where there is nothing to say: after a stop there is no model.</summary>
internal sealed record WebhookBody
{
    /// <summary>The wanted state was reached.</summary>
    public const string Complete = "swap_complete";

    /// <summary>It was not; the error says why.</summary>
    public const string Failed = "swap_failed";

    /// <summary>A person tries the way.</summary>
    public const string Test = "test";

    public required string Event { get; init; }

    public required string Id { get; init; }

    public string? JobId { get; init; }

    /// <summary>The model that the job was to bring up; null for a stop job.</summary>
    public string? Model { get; init; }

    public string? ServedName { get; init; }

    public string? FromModel { get; init; }

    public required string RequestedBy { get; init; }

    public required long Epoch { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookError? Error { get; init; }

    /// <summary>The message about a job that has ended.</summary>
    public static WebhookEntry Of(SwapJob job)
    {
        var ended = job.EndedAt ?? job.StartedAt;
        var body = new WebhookBody
        {
            Event = job.State == SwapState.Live ? Complete : Failed,
            Id = WebhookId.Of(job.Id).Value,
            JobId = job.Id.Value,
            Model = job.Kind == SwapKind.Stop ? null : job.Model?.Value,
            ServedName = job.ServedName,
            FromModel = job.From?.Value,
            RequestedBy = job.RequestedBy,
            Epoch = job.Epoch,
            StartedAt = job.StartedAt.ToUniversalTime(),
            EndedAt = ended.ToUniversalTime(),
            Error = job.State == SwapState.Live ? null : ErrorOf(job),
        };
        return Entry(body, WebhookId.Of(job.Id), job.Id, job.ModelName, ended);
    }

    /// <summary>A message that only shows that the way works.</summary>
    public static WebhookEntry OfTest(string requestedBy, DateTimeOffset now)
    {
        var id = WebhookId.NewTest();
        var body = new WebhookBody
        {
            Event = Test,
            Id = id.Value,
            RequestedBy = requestedBy,
            Epoch = 0,
            StartedAt = now.ToUniversalTime(),
            EndedAt = now.ToUniversalTime(),
        };
        return Entry(body, id, null, "A test message", now);
    }

    private static WebhookEntry Entry(WebhookBody body, WebhookId id, SwapJobId? job, string subject, DateTimeOffset now) => new()
    {
        Id = id,
        Event = body.Event,
        Job = job,
        Subject = subject,
        Body = JsonSerializer.Serialize(body, WebhookJson.Default.WebhookBody),
        CreatedAt = now,
    };

    /// <summary>A job that was cancelled before it touched anything has no failure of its own.</summary>
    private static WebhookError ErrorOf(SwapJob job) => (job.Failure, job.State) switch
    {
        ({ } failure, _) => new WebhookError(failure.Code, failure.Message, failure.Advice),
        (null, SwapState.Cancelled) => new WebhookError("cancelled", "The job was cancelled before anything was touched."),
        _ => new WebhookError("failed", "The job did not bring about what was asked."),
    };
}
