using Appliance.Cluster.Metrics;

namespace Appliance.Metrics;

/// <summary>One request after its end. What is not known is absent.</summary>
internal sealed record RequestWire
{
    public required DateTimeOffset At { get; init; }

    public required string RequestId { get; init; }

    public required string Route { get; init; }

    public string? Model { get; init; }

    public string? ServedBy { get; init; }

    public string? Caller { get; init; }

    public required int Status { get; init; }

    /// <summary><c>ok</c>, or the cause as in the metrics.</summary>
    public required string Outcome { get; init; }

    public required bool Streamed { get; init; }

    public required double QueueSeconds { get; init; }

    public double? FirstTokenSeconds { get; init; }

    public required double Seconds { get; init; }

    public long? TokensIn { get; init; }

    public long? TokensOut { get; init; }

    public long? BytesIn { get; init; }

    public required long BytesOut { get; init; }

    public static RequestWire From(RequestRecord request) => new()
    {
        At = request.StartedAt,
        RequestId = request.RequestId,
        Route = request.Route,
        Model = request.Model,
        ServedBy = request.Upstream,
        Caller = request.Caller,
        Status = request.Status,
        Outcome = request.Fault.Word(),
        Streamed = request.IsStreamed,
        QueueSeconds = (request.WaitedForModel + request.WaitedForTurn).TotalSeconds,
        FirstTokenSeconds = request.FirstToken?.TotalSeconds,
        Seconds = request.Duration.TotalSeconds,
        TokensIn = request.TokensIn,
        TokensOut = request.TokensOut,
        BytesIn = request.BytesIn,
        BytesOut = request.BytesOut,
    };
}
