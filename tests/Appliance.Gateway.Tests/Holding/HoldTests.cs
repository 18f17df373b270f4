using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Holding;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Holding;

/// <summary>What happens to requests while their model is being loaded.</summary>
#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class HoldTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private const string Path = "/v1/chat/completions";
    private const string Streamed = """{"model":"qwen-served","stream":true,"messages":[{"role":"user","content":"Hi"}]}""";
    private const string Whole = """{"model":"qwen-served","messages":[{"role":"user","content":"Hi"}]}""";
    private const string Waiting = ": waiting: Qwen3.6 35B is being loaded.\n\n";

    private readonly ManualClock _clock = new();
    private GatewayRig _rig = null!;
    private FakeModelServer _server = null!;

    public async Task InitializeAsync()
    {
        (_rig, _server) = await GatewayRig.StartWithQwenAsync(_clock);
        _rig.Upstreams.Set(GatewayRig.Loading(_server.Port));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Stream_gets_comments_at_once_and_every_15_seconds_and_then_its_whole_answer()
    {
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Path, Streamed);
        var seen = await client.ReadUntilAsync(Waiting);
        seen.ShouldStartWith("HTTP/1.1 200 ");
        seen.ShouldContain("Content-Type: text/event-stream");
        seen.ShouldContain("X-Accel-Buffering: no");
        await _rig.UntilHeldAsync(1);

        for (var comments = 2; comments < 5; comments++)
        {
            _clock.Advance(TimeSpan.FromSeconds(14));
            _clock.Advance(TimeSpan.FromSeconds(1));
            var expected = comments;
            await UntilSeenAsync(client, text => Count(text, Waiting) == expected);
        }

        Live();
        seen = await client.ReadUntilAsync("data: [DONE]\n\n");
        seen.ShouldContain("Hello");
        Count(seen, Waiting).ShouldBe(4);
        Count(seen, "HTTP/1.1").ShouldBe(1);
        await _rig.UntilHeldAsync(0);
        _server.CompletedRequests.ShouldBe(1);
    }

    [Fact]
    public async Task Whole_answer_waits_in_silence_and_comes_as_if_nothing_had_been()
    {
        var asking = PostAsync(Whole);
        await _rig.UntilHeldAsync(1);
        asking.IsCompleted.ShouldBeFalse();

        Live();

        using var answer = await asking.DefaultTimeout();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("x-served-by").ShouldBe(["qwen--qwen3.6-35b"]);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Whole_answer_whose_time_is_over_is_503_with_when_to_come_back()
    {
        var asking = PostAsync(Whole);
        await _rig.UntilHeldAsync(1);

        _clock.Advance(TimeSpan.FromSeconds(60));

        using var answer = await asking.DefaultTimeout();
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(25));
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("model_loading");
        error.GetProperty("state").GetString().ShouldBe("loading");
        error.GetProperty("progress").GetDouble().ShouldBe(42);
        error.GetProperty("eta_seconds").GetInt32().ShouldBe(25);
    }

    [Theory]
    [InlineData(Path, "data: {\"error\":{\"message\":\"Qwen3.6 35B is being loaded.\"")]
    [InlineData("/v1/responses", "event: error\ndata: {\"type\":\"error\",\"code\":\"model_loading\"")]
    [InlineData("/v1/messages", "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"Qwen3.6 35B is being loaded.\"")]
    public async Task Stream_whose_time_is_over_ends_with_an_error_in_its_dialect_and_without_a_proper_end(string path, string error)
    {
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(path, Streamed);
        await client.ReadUntilAsync(Waiting);
        await _rig.UntilHeldAsync(1);

        _clock.Advance(TimeSpan.FromSeconds(60));

        var seen = await client.ReadToEndAsync();
        seen.ShouldContain(error);
        seen.ShouldContain("model_loading");
        seen.ShouldNotContain("[DONE]");
        seen.ShouldNotEndWith("0\r\n\r\n");
    }

    [Theory]
    [InlineData(Whole)]
    [InlineData(Streamed)]
    public async Task Without_patience_a_request_is_told_at_once(string ask)
    {
        _rig.Settings.With(HoldSettings.Seconds, "0");

        using var answer = await PostAsync(ask).DefaultTimeout();

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("model_loading");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Caller_who_leaves_leaves_the_room_at_once_and_is_not_sent_on(bool rudely)
    {
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Path, Streamed);
        await _rig.UntilHeldAsync(1);

        if (rudely)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        await _rig.UntilHeldAsync(0);
        Live();
        _server.CompletedRequests.ShouldBe(0);
    }

    [Fact]
    public async Task Load_that_fails_is_told_to_all_who_waited()
    {
        var asking = PostAsync(Whole);
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Path, Streamed);
        await client.ReadUntilAsync(Waiting);
        await _rig.UntilHeldAsync(2);

        await GatewayRig.UntilAsync(() => _rig.Traffic.Waiting("main") == 2);
        _rig.Upstreams.Set(GatewayRig.Loading(_server.Port) with { Availability = UpstreamAvailability.Down, Reason = "It did not fit into memory." });

        using var answer = await asking.DefaultTimeout();
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("It did not fit into memory.");
        var seen = await client.ReadToEndAsync();
        seen.ShouldContain("It did not fit into memory.");
        seen.ShouldNotEndWith("0\r\n\r\n");
    }

    [Fact]
    public async Task Refusal_of_the_server_after_the_wait_reaches_the_stream_as_an_error_event()
    {
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Path, Streamed);
        await client.ReadUntilAsync(Waiting);
        _server.Behaviour = FakeServerBehaviour.Immediate with { AnswerStatus = 400 };

        Live();

        var seen = await client.ReadToEndAsync();
        seen.ShouldContain("\ndata: {\"error\":{");
        seen.ShouldContain("\"src\":\"upstream\"");
        Count(seen, "HTTP/1.1").ShouldBe(1);
        seen.ShouldNotContain("[DONE]");
        seen.ShouldNotEndWith("0\r\n\r\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nf\r\ndata: {\"a\":1}\n\n\r\nzz\r\n")]
    public async Task Server_that_dies_or_answers_something_else_after_the_wait_is_visible(string said)
    {
        await using var upstream = RawUpstream.Saying(said);
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Path, Streamed);
        await client.ReadUntilAsync(Waiting);

        _rig.Upstreams.Set(GatewayRig.Serving(upstream.Port, "qwen-served", "qwen--qwen3.6-35b", UpstreamTask.Chat));

        var seen = await client.ReadToEndAsync();
        seen.ShouldContain("\ndata: {\"error\":{");
        seen.ShouldContain("\"code\":\"upstream_failed\"");
        seen.ShouldNotContain("[DONE]");
        seen.ShouldNotEndWith("0\r\n\r\n");
    }

    [Fact]
    public async Task Comments_go_on_while_the_server_thinks_and_only_between_events()
    {
        var mayGoOn = new SemaphoreSlim(0);
        _server.Behaviour = FakeServerBehaviour.Immediate with { Answer = "t0 t1", BeforeToken = (_, stop) => mayGoOn.WaitAsync(stop) };
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Path, Streamed);
        await client.ReadUntilAsync(Waiting);
        await _rig.UntilHeldAsync(1);
        Live();
        await _server.WaitUntilAsync(server => server.Running == 1, CancellationToken.None).DefaultTimeout();

        _clock.Advance(TimeSpan.FromSeconds(15));
        await UntilSeenAsync(client, text => Count(text, Waiting) == 2);
        mayGoOn.Release();
        await client.ReadUntilAsync("t0\"");
        _clock.Advance(TimeSpan.FromSeconds(15));
        var seen = await UntilSeenAsync(client, text => Count(text, Waiting) == 3);
        seen.ShouldContain("}\n\n\r\n"); // The chunk before the comment ended with a whole event.
        mayGoOn.Release();

        (await client.ReadUntilAsync("data: [DONE]\n\n")).ShouldContain("t1");
    }

    [Fact]
    public async Task Five_hundred_who_wait_are_all_served_once_and_only_one_asks_for_the_state()
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1_000 }) { BaseAddress = _rig.Address };
        var asking = Enumerable.Range(0, 500).Select(i => http.PostAsync(
            new Uri(Path, UriKind.Relative), new StringContent(i % 2 == 0 ? Whole : Streamed, Encoding.UTF8, "application/json"))).ToArray();
        await _rig.UntilHeldAsync(500);

        Live();

        foreach (var one in asking)
        {
            using var answer = await one.DefaultTimeout();
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("Hello");
        }

        _server.CompletedRequests.ShouldBe(500);
        _rig.Holds.Count.ShouldBe(0);
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
    }

    private void Live() => _rig.Upstreams.Set(GatewayRig.Serving(_server.Port, "qwen-served", "qwen--qwen3.6-35b", UpstreamTask.Chat));

    private Task<HttpResponseMessage> PostAsync(string body) => _rig.Http.PostAsync(new Uri(Path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

    private static int Count(string text, string part) => (text.Length - text.Replace(part, string.Empty, StringComparison.Ordinal).Length) / part.Length;

    private static async Task<string> UntilSeenAsync(RawClient client, Func<string, bool> condition)
    {
        while (!condition(client.Seen))
        {
            (await client.ReadMoreAsync()).ShouldBeTrue(client.Seen);
        }

        return client.Seen;
    }
}
