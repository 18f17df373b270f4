using System.Net;
using System.Text;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.PassThrough;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Forwarding;

public sealed class StreamingTests
{
    private const string Path = "/v1/chat/completions";
    private const string Ask = """{"model":"default","stream":true,"messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task Token_is_out_before_the_next_one_is_made()
    {
        var (rig, server) = await GatewayRig.StartWithQwenAsync();
        await using var _ = rig;
        var mayMake = new SemaphoreSlim(0);
        server.Behaviour = FakeServerBehaviour.Immediate with { Answer = "t0 t1 t2 t3 t4 t5 t6 t7", BeforeToken = (_, token) => mayMake.WaitAsync(token) };
        using var client = await RawClient.ConnectAsync(rig.Address);
        await client.PostAsync(Path, Ask);

        for (var token = 0; token < 8; token++)
        {
            mayMake.Release();
            await client.ReadUntilAsync($"t{token}\"");
            server.GeneratedTokens.ShouldBe(token + 1);
        }

        (await client.ReadUntilAsync("data: [DONE]\n\n")).ShouldContain("X-Accel-Buffering: no");
    }

    [Fact]
    public async Task Stream_passes_byte_for_byte_whatever_its_pieces()
    {
        await using var rig = await GatewayRig.StartAsync();
        var upstream = rig.Own(await RecordingUpstream.StartAsync());
        rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, "m", "m", UpstreamTask.Chat));
        var random = new Random(20261121);
        foreach (var text in (string[])["data: é🎈\r\n\r\n: comment\n\ndata: [DONE]\n\n", "event: x\nid: 7\ndata: a\ndata: b\n\ndata: [DONE]", $"data: {new string('x', 300_000)}\0\n\ndata: [DONE]\n\n", $"data: {new string('é', 8 * 1024 * 1024)}\r\ndata: b\r\n\r\ndata: [DONE]\r\n\r\n"])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            upstream.Answer = async context =>
            {
                context.Response.ContentType = "text/event-stream";
                for (var start = 0; start < bytes.Length;)
                {
                    var length = Math.Min(bytes.Length - start, bytes.Length < 1_000 ? random.Next(1, 4) : random.Next(1, 70_000));
                    await context.Response.Body.WriteAsync(bytes.AsMemory(start, length));
                    await context.Response.Body.FlushAsync();
                    start += length;
                }
            };

            var answer = await rig.Http.PostAsync(Path, new StringContent(Ask, Encoding.UTF8, "application/json")).DefaultTimeout();

            (await answer.Content.ReadAsByteArrayAsync().DefaultTimeout()).ShouldBe(bytes);
        }
    }

    [Fact]
    public async Task Caller_who_leaves_stops_the_generation()
    {
        var (rig, server) = await GatewayRig.StartWithQwenAsync();
        await using var _ = rig;
        foreach (var rudely in (bool[])[true, false])
        {
            server.Behaviour = FakeServerBehaviour.Immediate with { BeforeToken = (token, stop) => token < 2 ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop) };
            var before = server.CancelledRequests;
            using var client = await RawClient.ConnectAsync(rig.Address);
            await client.PostAsync(Path, Ask);
            await client.ReadUntilAsync("Hello");
            rig.Traffic.InFlight("main").ShouldBe(1);

            if (rudely)
            {
                client.Reset();
            }
            else
            {
                client.Dispose();
            }

            await server.WaitUntilAsync(s => s.CancelledRequests == before + 1, CancellationToken.None).DefaultTimeout();
            await rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
        }
    }

    [Fact]
    public async Task Caller_who_leaves_before_the_first_token_of_a_whole_answer_stops_it_too()
    {
        var (rig, server) = await GatewayRig.StartWithQwenAsync();
        await using var _ = rig;
        server.Behaviour = FakeServerBehaviour.Default with { Wedged = true };
        using var client = await RawClient.ConnectAsync(rig.Address);
        await client.PostAsync(Path, Ask.Replace("true", "false", StringComparison.Ordinal));
        await server.WaitUntilAsync(s => s.Running == 1, CancellationToken.None).DefaultTimeout();

        client.Reset();

        await server.WaitUntilAsync(s => s is { CancelledRequests: 1, Running: 0 }, CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    public async Task Stream_that_dies_ends_with_an_error_event_and_without_a_proper_end()
    {
        var (rig, server) = await GatewayRig.StartWithQwenAsync();
        await using var _ = rig;
        var seenByCaller = new SemaphoreSlim(0);
        server.Behaviour = FakeServerBehaviour.Immediate with { Answer = "t0 t1 t2 t3", CutAfterTokens = 3, BeforeToken = (token, stop) => token < 3 ? Task.CompletedTask : seenByCaller.WaitAsync(stop) };
        using var client = await RawClient.ConnectAsync(rig.Address);
        await client.PostAsync(Path, Ask);
        await client.ReadUntilAsync("t2\"");

        seenByCaller.Release();
        var seen = await client.ReadToEndAsync();

        seen.ShouldStartWith("HTTP/1.1 200 ");
        seen.ShouldContain("data: {\"error\":{\"message\":\"The model server ended the connection in the middle of its answer.\"");
        seen.ShouldNotContain("[DONE]");
        seen.ShouldNotEndWith("0\r\n\r\n");
        server.CancelledRequests.ShouldBe(0);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"a\":1}\n\n", "data: {\"b", false, "before it was complete")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nf\r\ndata: {\"a\":1}\n\n\r\n", "0\r\n\r\n", false, "before it was complete")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nf\r\ndata: {\"a\":1}\n\n\r\n", "ff\r\ndata", false, "in the middle")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nf\r\ndata: {\"a\":1}\n\n\r\n", "zz\r\n", false, "in the middle")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nf\r\ndata: {\"a\":1}\n\n\r\n", "", true, "in the middle")]
    public async Task Stream_that_only_looks_whole_is_not_taken_for_whole(string first, string rest, bool reset, string message)
    {
        var seenByCaller = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = RawUpstream.Saying(first, seenByCaller.Task, rest, reset);
        await using var rig = await GatewayRig.StartAsync();
        rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, "m", "m", UpstreamTask.Chat));
        using var client = await RawClient.ConnectAsync(rig.Address);
        await client.PostAsync(Path, Ask);
        await client.ReadUntilAsync("data: {\"a\":1}\n\n");

        seenByCaller.SetResult();
        var seen = await client.ReadToEndAsync();

        seen.ShouldContain("data: {\"error\":");
        seen.ShouldContain(message);
        seen.ShouldNotContain("[DONE]");
        seen.ShouldNotEndWith("0\r\n\r\n");
    }

    [Theory]
    [InlineData("data: [DONE]")]
    [InlineData("data: [DONE]\n")]
    [InlineData("data: [DONE]\n\n")]
    public async Task Stream_that_dies_when_all_is_said_is_whole_for_the_caller(string rest)
    {
        var seenByCaller = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = RawUpstream.Saying(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nf\r\ndata: {\"a\":1}\n\n\r\n", seenByCaller.Task, $"e\r\n{rest}", reset: false);
        await using var rig = await GatewayRig.StartAsync();
        rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, "m", "m", UpstreamTask.Chat));
        var asking = rig.Http.PostAsync(Path, new StringContent(Ask, Encoding.UTF8, "application/json"));

        seenByCaller.SetResult();
        var answer = await asking.DefaultTimeout();

        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldBe("data: {\"a\":1}\n\ndata: [DONE]\n\n");
    }

    [Fact]
    public async Task Whole_answer_that_dies_is_cut_short_for_the_caller_too()
    {
        await using var upstream = RawUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"half\":");
        await using var rig = await GatewayRig.StartAsync();
        rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, "m", "m", UpstreamTask.Chat));

        await Should.ThrowAsync<HttpRequestException>(() => rig.Http.PostAsync(Path, new StringContent(Ask, Encoding.UTF8, "application/json")).DefaultTimeout());
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadGateway)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n", HttpStatusCode.BadGateway)]
    [InlineData("garbage\r\n\r\n", HttpStatusCode.BadGateway)]
    public async Task Server_that_dies_before_the_first_byte_is_a_clear_error(string said, HttpStatusCode status)
    {
        await using var upstream = RawUpstream.Saying(said);
        await using var rig = await GatewayRig.StartAsync();
        rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, "m", "m", UpstreamTask.Chat));

        var answer = await rig.Http.PostAsync(Path, new StringContent(Ask, Encoding.UTF8, "application/json")).DefaultTimeout();

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("\"code\":\"upstream_failed\"");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Silence_before_the_first_byte_is_504_and_later_an_error_event()
    {
        var row = PassThroughTable.Routes[0] with { FirstByte = TimeSpan.FromMilliseconds(400), Idle = TimeSpan.FromMilliseconds(300) };
        await using var rig = await GatewayRig.StartAsync(app => app.MapPost("/impatient", (HttpContext context, PassThroughEndpoint endpoint) =>
        {
            context.TraceIdentifier = "id";
            return endpoint.HandleAsync(context, row);
        }));
        var server = rig.Own(FakeModelServer.Reserve(IPAddress.Loopback, TimeProvider.System));
        await server.OpenAsync(GatewayRig.Qwen, CancellationToken.None).DefaultTimeout();
        rig.Upstreams.Add(GatewayRig.Serving(server.Port, "qwen-served", "m", UpstreamTask.Chat));

        server.Behaviour = FakeServerBehaviour.Default with { Wedged = true };
        var whole = await rig.Http.PostAsync("/impatient", new StringContent(Ask.Replace("true", "false", StringComparison.Ordinal), Encoding.UTF8, "application/json")).DefaultTimeout();
        whole.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await whole.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("upstream_timeout");

        server.Behaviour = FakeServerBehaviour.Immediate with { BeforeToken = (token, stop) => token < 2 ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop) };
        using var client = await RawClient.ConnectAsync(rig.Address);
        await client.PostAsync("/impatient", Ask);
        var seen = await client.ReadToEndAsync();
        seen.ShouldContain("fell silent in the middle");
        seen.ShouldNotEndWith("0\r\n\r\n");
        await server.WaitUntilAsync(s => s is { Running: 0 }, CancellationToken.None).DefaultTimeout();
    }
}
