namespace Appliance.Cluster.Metrics;

/// <summary>One request of the gateway after its end. Never anything of its content.</summary>
public sealed record RequestRecord
{
    /// <summary>When it came in.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The id that caller, log and model server know it by.</summary>
    public required string RequestId { get; init; }

    /// <summary>The pattern of the route, for example <c>/v1/chat/completions</c>; never the caller's own text.</summary>
    public required string Route { get; init; }

    /// <summary>Our id of the model that answered, or of the service; null when nobody was found.</summary>
    public string? Model { get; init; }

    /// <summary>The lane or service that it was sent to; null when it was sent to nobody.</summary>
    public string? Upstream { get; init; }

    /// <summary>Who asked: the name of the key, or the address of the caller; null when unknown. For the list of requests only, never for a metric.</summary>
    public string? Caller { get; init; }

    /// <summary>The HTTP status that was answered; 0 when the caller left before there was one.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong.</summary>
    public required RequestFault Fault { get; init; }

    /// <summary>Whether the answer came as a stream of events.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>How long it waited for its model to be loaded.</summary>
    public TimeSpan WaitedForModel { get; init; }

    /// <summary>How long it waited for its turn at the model server.</summary>
    public TimeSpan WaitedForTurn { get; init; }

    /// <summary>From coming in to its end.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>From coming in to the first byte of the model server's answer, or for a stream to its first event; null when there was none.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>From the first piece of the answer to the last; null without an answer.</summary>
    public TimeSpan? Generation { get; init; }

    /// <summary>Tokens read, as the server counted them; null when it did not say.</summary>
    public long? TokensIn { get; init; }

    /// <summary>Tokens written, as the server counted them; null when it did not say.</summary>
    public long? TokensOut { get; init; }

    /// <summary>Events of a streamed answer; 0 for others.</summary>
    public int Events { get; init; }

    /// <summary>Bytes of the request's body as announced; null when it was not.</summary>
    public long? BytesIn { get; init; }

    /// <summary>Bytes of the model server's answer.</summary>
    public long BytesOut { get; init; }
}
