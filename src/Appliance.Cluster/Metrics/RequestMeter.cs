using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Appliance.Cluster.Metrics;

/// <summary>
/// What the gateway's requests add up to. Labels are words of ours only: the model is one that was really served (never a name that a caller made up), the
/// route is a pattern, the outcome a <see cref="RequestFault"/>. Thread-safe.
/// </summary>
public sealed class RequestMeter : IDisposable
{
    /// <summary>The model label of a request that reached no model.</summary>
    public const string NoModel = "none";

    private const string ModelTag = "model";
    private const string RouteTag = "route";

    /// <summary>Seconds. From a cached embedding to a long answer; what the described system draws.</summary>
    private static readonly InstrumentAdvice<double> Latencies = new() { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60] };

    /// <summary>Seconds between two tokens: 5 ms is 200 tokens per second, 1 s is a server that swaps.</summary>
    private static readonly InstrumentAdvice<double> Gaps = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1] };

    private static readonly InstrumentAdvice<double> Speeds = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 30, 50, 75, 100, 200, 500] };

    private readonly Counter<long> _requests;
    private readonly UpDownCounter<long> _inFlight;
    private readonly Histogram<double> _durations;
    private readonly Histogram<double> _waits;
    private readonly Histogram<double> _firstTokens;
    private readonly Histogram<double> _gaps;
    private readonly Histogram<double> _speeds;
    private readonly Counter<long> _tokensIn;
    private readonly Counter<long> _tokensOut;
    private readonly Counter<long> _bytesIn;
    private readonly Counter<long> _bytesOut;

    /// <summary>Makes the instruments. Each instance has a meter of its own, so that two appliances in one process do not add up.</summary>
    public RequestMeter()
    {
        Meter = new Meter(new MeterOptions("Appliance.Gateway") { Scope = this });
        _requests = Meter.CreateCounter<long>("appliance.gateway.requests", null, "Requests that have ended, by what became of them");
        _inFlight = Meter.CreateUpDownCounter<long>("appliance.gateway.requests_in_flight", null, "Requests that a model server is working on");
        _durations = Meter.CreateHistogram("appliance.gateway.request_duration", "s", "From a request coming in to the end of its answer", null, Latencies);
        _waits = Meter.CreateHistogram("appliance.gateway.queue_duration", "s", "How long a request waited in the appliance, for its model or its turn", null, Latencies);
        _firstTokens = Meter.CreateHistogram("appliance.gateway.time_to_first_token", "s", "From a request coming in to the first event of its streamed answer", null, Latencies);
        _gaps = Meter.CreateHistogram("appliance.gateway.inter_token_duration", "s", "Mean time between two tokens of a streamed answer", null, Gaps);
        _speeds = Meter.CreateHistogram("appliance.gateway.tokens_per_second", null, "Tokens per second of a streamed answer after its first token", null, Speeds);
        _tokensIn = Meter.CreateCounter<long>("appliance.gateway.tokens_in", null, "Tokens read, as the model servers count them");
        _tokensOut = Meter.CreateCounter<long>("appliance.gateway.tokens_out", null, "Tokens written, as the model servers count them");
        _bytesIn = Meter.CreateCounter<long>("appliance.gateway.request_body", "By", "Bytes of request bodies whose length was announced");
        _bytesOut = Meter.CreateCounter<long>("appliance.gateway.answer", "By", "Bytes of answers of the model servers");
    }

    /// <summary>The meter that the instruments belong to.</summary>
    public Meter Meter { get; }

    /// <summary>A request went to a model server.</summary>
    public void Sent(string model, string route) => _inFlight.Add(1, Tags(model, route));

    /// <summary>A request that went to a model server is over, however it ended. Called exactly once for each <see cref="Sent"/>.</summary>
    public void Returned(string model, string route) => _inFlight.Add(-1, Tags(model, route));

    /// <summary>Adds a request that has ended.</summary>
    public void Add(RequestRecord request)
    {
        var tags = Tags(request.Model ?? NoModel, request.Route);
        _durations.Record(request.Duration.TotalSeconds, tags);
        if (request.Upstream is not null)
        {
            AddAnswer(request, tags);
        }

        // Last, so that whoever sees a request counted sees the rest of it too.
        tags.Add("outcome", request.Fault.Word());
        _requests.Add(1, tags);
    }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private void AddAnswer(RequestRecord request, in TagList tags)
    {
        _waits.Record((request.WaitedForModel + request.WaitedForTurn).TotalSeconds, tags);
        Add(_tokensIn, request.TokensIn, tags);
        Add(_tokensOut, request.TokensOut, tags);
        Add(_bytesIn, request.BytesIn, tags);
        Add(_bytesOut, request.BytesOut, tags);
        if (request is { IsStreamed: true, FirstToken: { } first })
        {
            _firstTokens.Record(first.TotalSeconds, tags);
            AddSpeed(request, tags);
        }
    }

    /// <summary>The first token is not counted: it took the reading of the prompt, not a step of writing.</summary>
    private void AddSpeed(RequestRecord request, in TagList tags)
    {
        var steps = (request.TokensOut ?? request.Events) - 1;
        if (steps < 1 || request.Generation is not { } generation || generation <= TimeSpan.Zero)
        {
            return;
        }

        _gaps.Record(generation.TotalSeconds / steps, tags);
        if (request.TokensOut is not null)
        {
            _speeds.Record(steps / generation.TotalSeconds, tags);
        }
    }

    private static void Add(Counter<long> counter, long? value, in TagList tags)
    {
        if (value > 0)
        {
            counter.Add(value.Value, tags);
        }
    }

    private static TagList Tags(string model, string route) => new() { { ModelTag, model }, { RouteTag, route } };
}
