using Appliance.Cluster.Metrics;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Metrics;

public sealed class GatewayNumbersTests : IDisposable
{
    private const string Chat = "/v1/chat/completions";

    private readonly RequestMeter _meter = new();
    private readonly MeterReader _reader;

    public GatewayNumbersTests() => _reader = new MeterReader(instrument => instrument.Meter == _meter.Meter);

    public void Dispose()
    {
        _reader.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Numbers_add_up_by_model_and_route()
    {
        _meter.Add(Request("qwen", Chat));
        _meter.Add(Request("qwen", Chat) with { Fault = RequestFault.UpstreamCut });
        _meter.Add(Request("qwen", "/v1/completions"));
        _meter.Add(Request("bge", "/v1/embeddings") with { TokensOut = null });
        _meter.Sent("qwen", Chat);

        var families = _reader.Read();

        GatewayNumbers.Models(families).ShouldBe(["bge", "qwen"]);
        GatewayNumbers.Routes(families, "qwen").ShouldBe([Chat, "/v1/completions"]);
        var qwen = GatewayNumbers.Of(families, "qwen");
        (qwen.Requests, qwen.InFlight, qwen.TokensIn, qwen.TokensOut).ShouldBe((3, 1, 30, 60));
        qwen.Errors.ShouldBe([new("upstream_cut", 1)]);
        qwen.Duration.ShouldNotBeNull().Sum.ShouldBe(6, 0.001);
        GatewayNumbers.Of(families, "qwen", Chat).Requests.ShouldBe(2);
        GatewayNumbers.Of(families).Requests.ShouldBe(4);
    }

    [Fact]
    public void Speed_of_a_stream_leaves_its_first_token_out()
    {
        _meter.Add(Request("qwen", Chat) with { IsStreamed = true, FirstToken = TimeSpan.FromSeconds(0.4), Generation = TimeSpan.FromSeconds(1.9), TokensOut = 20 });

        var numbers = GatewayNumbers.Of(_reader.Read());

        numbers.InterToken.ShouldNotBeNull().Sum.ShouldBe(0.1, 0.0001);
        numbers.TokensPerSecond.ShouldNotBeNull().Sum.ShouldBe(10, 0.0001);
        numbers.FirstToken.ShouldNotBeNull().Sum.ShouldBe(0.4, 0.0001);
    }

    [Fact]
    public void Stream_without_a_count_has_gaps_between_its_events_and_no_speed()
    {
        _meter.Add(Request("qwen", Chat) with { IsStreamed = true, FirstToken = TimeSpan.FromSeconds(0.4), Generation = TimeSpan.FromSeconds(2), TokensOut = null, Events = 5 });

        var numbers = GatewayNumbers.Of(_reader.Read());

        numbers.InterToken.ShouldNotBeNull().Sum.ShouldBe(0.5, 0.0001);
        numbers.TokensPerSecond.ShouldBeNull();
    }

    [Fact]
    public void Request_that_reached_nobody_counts_under_no_model()
    {
        _meter.Add(Request("qwen", Chat) with { Model = null, Upstream = null, Fault = RequestFault.UnknownModel });

        var families = _reader.Read();

        GatewayNumbers.Models(families).ShouldBe([RequestMeter.NoModel]);
        GatewayNumbers.Of(families).Queue.ShouldBeNull();
    }

    [Fact]
    public void Every_fault_has_a_word_of_its_own() =>
        Enum.GetValues<RequestFault>().Select(RequestFaults.Word).ShouldBeUnique();

    private static RequestRecord Request(string model, string route) => new()
    {
        StartedAt = DateTimeOffset.UnixEpoch,
        RequestId = "req_1",
        Route = route,
        Model = model,
        Upstream = "main",
        Status = 200,
        Fault = RequestFault.None,
        Duration = TimeSpan.FromSeconds(2),
        FirstToken = TimeSpan.FromSeconds(1),
        TokensIn = 10,
        TokensOut = 20,
    };
}
