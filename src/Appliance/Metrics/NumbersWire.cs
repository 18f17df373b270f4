using Appliance.Cluster.Metrics;

namespace Appliance.Metrics;

/// <summary>What requests add up to since the start; durations in seconds.</summary>
internal sealed record NumbersWire
{
    public required long Requests { get; init; }

    /// <summary>Requests that did not end well, by cause.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    public required long InFlight { get; init; }

    public required long TokensIn { get; init; }

    public required long TokensOut { get; init; }

    public SpreadWire? Latency { get; init; }

    public SpreadWire? Queue { get; init; }

    public SpreadWire? TimeToFirstToken { get; init; }

    public SpreadWire? InterToken { get; init; }

    public SpreadWire? TokensPerSecond { get; init; }

    public static NumbersWire From(GatewayNumbers numbers) => new()
    {
        Requests = numbers.Requests,
        Errors = numbers.Errors,
        InFlight = numbers.InFlight,
        TokensIn = numbers.TokensIn,
        TokensOut = numbers.TokensOut,
        Latency = SpreadWire.From(numbers.Duration),
        Queue = SpreadWire.From(numbers.Queue),
        TimeToFirstToken = SpreadWire.From(numbers.FirstToken),
        InterToken = SpreadWire.From(numbers.InterToken),
        TokensPerSecond = SpreadWire.From(numbers.TokensPerSecond),
    };
}
