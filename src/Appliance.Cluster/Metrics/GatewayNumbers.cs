using System.Collections.Immutable;

namespace Appliance.Cluster.Metrics;

/// <summary>What the requests of one model, of one route of it, or of all together add up to since the start. Read from the metrics, so both say the same.</summary>
public sealed record GatewayNumbers
{
    private const string Prefix = "appliance_gateway_";

    /// <summary>Requests that have ended.</summary>
    public required long Requests { get; init; }

    /// <summary>Those of them that did not end well, by the word of the cause.</summary>
    public required ImmutableSortedDictionary<string, long> Errors { get; init; }

    /// <summary>Requests that a model server works on now.</summary>
    public required long InFlight { get; init; }

    /// <summary>Tokens read.</summary>
    public required long TokensIn { get; init; }

    /// <summary>Tokens written.</summary>
    public required long TokensOut { get; init; }

    /// <summary>Seconds from coming in to the end; null without a request.</summary>
    public NumberSpread? Duration { get; init; }

    /// <summary>Seconds of waiting in the appliance.</summary>
    public NumberSpread? Queue { get; init; }

    /// <summary>Seconds to the first token of streams.</summary>
    public NumberSpread? FirstToken { get; init; }

    /// <summary>Seconds between two tokens of streams.</summary>
    public NumberSpread? InterToken { get; init; }

    /// <summary>Tokens per second of streams.</summary>
    public NumberSpread? TokensPerSecond { get; init; }

    /// <summary>The models that requests were for, in the order of their names; <see cref="RequestMeter.NoModel"/> is what reached none.</summary>
    public static ImmutableArray<string> Models(ImmutableArray<MetricFamily> families) => Labels(families, "model", _ => true);

    /// <summary>The routes that requests for a model came in on.</summary>
    public static ImmutableArray<string> Routes(ImmutableArray<MetricFamily> families, string model) => Labels(families, "route", series => series.FindLabel("model") == model);

    /// <summary>Adds up; null for a model or route means all.</summary>
    public static GatewayNumbers Of(ImmutableArray<MetricFamily> families, string? model = null, string? route = null)
    {
        ImmutableArray<MetricSeries> Find(string name) =>
        [
            .. (families.FirstOrDefault(family => family.Name == Prefix + name)?.Series ?? [])
                .Where(series => (model is null || series.FindLabel("model") == model) && (route is null || series.FindLabel("route") == route)),
        ];

        long Sum(string name) => (long)Find(name).Sum(series => series.Value);
        var requests = Find("requests_total");
        return new GatewayNumbers
        {
            Requests = (long)requests.Sum(series => series.Value),
            Errors = requests
                .Where(series => series.FindLabel("outcome") is { } outcome && outcome != RequestFault.None.Word())
                .GroupBy(series => series.FindLabel("outcome")!)
                .ToImmutableSortedDictionary(group => group.Key, group => (long)group.Sum(series => series.Value), StringComparer.Ordinal),
            InFlight = Sum("requests_in_flight"),
            TokensIn = Sum("tokens_in_total"),
            TokensOut = Sum("tokens_out_total"),
            Duration = NumberSpread.Of(Find("request_duration_seconds")),
            Queue = NumberSpread.Of(Find("queue_duration_seconds")),
            FirstToken = NumberSpread.Of(Find("time_to_first_token_seconds")),
            InterToken = NumberSpread.Of(Find("inter_token_duration_seconds")),
            TokensPerSecond = NumberSpread.Of(Find("tokens_per_second")),
        };
    }

    private static ImmutableArray<string> Labels(ImmutableArray<MetricFamily> families, string label, Func<MetricSeries, bool> isWanted) =>
    [
        .. families.Where(family => family.Name is Prefix + "requests_total" or Prefix + "requests_in_flight")
            .SelectMany(family => family.Series)
            .Where(isWanted)
            .Select(series => series.FindLabel(label))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];
}
