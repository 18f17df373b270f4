using System.Net;
using System.Net.Sockets;
using Appliance.Cluster.Health;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Health;

public sealed class HttpModelProbeTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly HttpModelProbe _probe;

    public HttpModelProbeTests() => _probe = new HttpModelProbe(_clock);

    public void Dispose() => _probe.Dispose();

    [Fact]
    public async Task Server_is_identified_by_its_first_model()
    {
        await using var server = await ProbeServer.StartAsync(
            """{"object":"list","data":[{"id":"qwen","root":"RedHatAI/qwen3.6-35b","max_model_len":262144},{"id":"adapter","root":null}]}""");

        (await _probe.IdentifyAsync(server.Address, CancellationToken.None)).ShouldBe(new IdentityAnswer.Named("qwen", "RedHatAI/qwen3.6-35b", 262144));
        server.Asked.ShouldBe(["GET /v1/models"]);
    }

    [Fact]
    public async Task Nobody_is_refused()
    {
        (await _probe.IdentifyAsync(ProbeServer.Nobody(), CancellationToken.None)).ShouldBeOfType<IdentityAnswer.Refused>();
        (await _probe.CheckAsync(ProbeServer.Nobody(), CancellationToken.None)).ShouldBe("nothing listens there");
        (await _probe.ReadCountersAsync(ProbeServer.Nobody(), CancellationToken.None)).ShouldBeNull();
        (await _probe.GenerateAsync(ProbeServer.Nobody(), "m", CancellationToken.None)).ShouldBe(new GenerationAnswer.Nothing("nothing listens there"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>router login</html>")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":["qwen"]}""")]
    [InlineData("""{"data":[{"id":7}]}""")]
    [InlineData("""{"data":[{"id":""}]}""")]
    [InlineData("""{"data":[{"id":"\ud800"}]}""")]
    [InlineData("""{"data":[{"id":"two\nlines"}]}""")]
    public async Task Stranger_on_the_port_is_somebody_without_a_name(string body)
    {
        await using var server = await ProbeServer.StartAsync(body, contentType: "text/html; charset=no-such-thing");

        (await _probe.IdentifyAsync(server.Address, CancellationToken.None)).ShouldBeOfType<IdentityAnswer.NoAnswer>();
        (await _probe.GenerateAsync(server.Address, "m", CancellationToken.None)).ShouldBeOfType<GenerationAnswer.Nothing>();
        (await _probe.ReadCountersAsync(server.Address, CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"Hi"}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":null,"reasoning":"The"}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"","reasoning_content":"The"}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":null}}],"usage":{"prompt_tokens":9,"completion_tokens":1}}""")]
    public async Task Token_of_an_answer_or_of_reasoning_counts(string body)
    {
        await using var server = await ProbeServer.StartAsync(body);

        (await _probe.GenerateAsync(server.Address, "qwen", CancellationToken.None)).ShouldBeOfType<GenerationAnswer.Token>();

        server.Asked.ShouldHaveSingleItem().ShouldBe(
            """POST /v1/chat/completions {"model":"qwen","messages":[{"role":"user","content":"Hi"}],"max_tokens":1,"stream":false}""");
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":""}}],"usage":{"completion_tokens":0}}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":["Hi"]}""")]
    [InlineData("""{"choices":[{"message":"Hi"}],"usage":[1]}""")]
    [InlineData("""{"choices":[{"message":{"content":"\ud800"}}]}""")]
    [InlineData("""{"data":[]}""")]
    public async Task Answer_without_a_token_is_nothing(string body)
    {
        await using var server = await ProbeServer.StartAsync(body);

        (await _probe.GenerateAsync(server.Address, "qwen", CancellationToken.None)).ShouldBe(new GenerationAnswer.Nothing("it answered without a token"));
    }

    [Theory]
    [InlineData("/v1/completions", """{"choices":[{"text":"Hi"}]}""", 404)]
    [InlineData("/v1/completions", """{"choices":[{"text":""}],"usage":{"completion_tokens":1}}""", 400)]
    [InlineData("/v1/embeddings", """{"data":[{"embedding":[0.5,0.25]}]}""", 404)]
    [InlineData("/v1/embeddings", """{"data":[{"embedding":"AAAA"}]}""", 400)]
    public async Task Base_and_pooling_models_are_asked_in_their_own_way(string path, string body, int refusal)
    {
        await using var server = await ProbeServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == path ? 200 : refusal;
            return context.Response.WriteAsync(context.Request.Path == path ? body : """{"error":{"message":"no"}}""");
        });

        (await _probe.GenerateAsync(server.Address, "m", CancellationToken.None)).ShouldBeOfType<GenerationAnswer.Token>();
    }

    [Fact]
    public async Task Dead_engine_is_nothing_and_is_not_asked_in_another_way()
    {
        await using var server = await ProbeServer.StartAsync("""{"error":"EngineDeadError"}""", 500);

        (await _probe.GenerateAsync(server.Address, "m", CancellationToken.None)).ShouldBe(new GenerationAnswer.Nothing("it answered with status 500"));
        server.Asked.Count.ShouldBe(1);
        (await _probe.CheckAsync(server.Address, CancellationToken.None)).ShouldBe("it answered with status 500");
    }

    [Fact]
    public async Task Server_that_accepts_and_says_nothing_is_given_up_at_the_deadline()
    {
        var isAsked = new TaskCompletionSource();
        await using var server = await ProbeServer.StartAsync(async context =>
        {
            isAsked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

        var answer = _probe.GenerateAsync(server.Address, "m", CancellationToken.None);
        await isAsked.Task.DefaultTimeout();
        _clock.Advance(TimeSpan.FromSeconds(19));
        answer.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await answer.DefaultTimeout()).ShouldBe(new GenerationAnswer.Nothing("no answer within 20 s"));
    }

    [Fact]
    public async Task Answer_that_stops_half_way_is_given_up_at_the_deadline()
    {
        var isHalf = new TaskCompletionSource();
        await using var server = await ProbeServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("""{"data":[{"id":""");
            await context.Response.Body.FlushAsync();
            isHalf.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

        var answer = _probe.IdentifyAsync(server.Address, CancellationToken.None);
        await isHalf.Task.DefaultTimeout();
        _clock.Advance(TimeSpan.FromSeconds(8));

        (await answer.DefaultTimeout()).ShouldBe(new IdentityAnswer.NoAnswer("no answer within 8 s"));
    }

    [Fact]
    public async Task Cancellation_is_the_only_thing_that_throws()
    {
        using var cancelled = new CancellationTokenSource();
        var isAsked = new TaskCompletionSource();
        await using var server = await ProbeServer.StartAsync(async context =>
        {
            isAsked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

        var answer = _probe.CheckAsync(server.Address, cancelled.Token);
        await isAsked.Task.DefaultTimeout();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(answer.DefaultTimeout());
    }

    [Fact]
    public async Task Flood_is_cut_at_one_mebibyte()
    {
        var chunk = new byte[1 << 16];
        await using var server = await ProbeServer.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        });

        (await _probe.CheckAsync(server.Address, CancellationToken.None).DefaultTimeout()).ShouldBe("it answered far too much");
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using var elsewhere = await ProbeServer.StartAsync("{}");
        await using var server = await ProbeServer.StartAsync(context =>
        {
            context.Response.Redirect(elsewhere.Address.ToString());
            return Task.CompletedTask;
        });

        (await _probe.CheckAsync(server.Address, CancellationToken.None)).ShouldBe("it answered with status 302");
        elsewhere.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Port_that_does_not_speak_http_is_told()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        var talking = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray());
            var ignored = new byte[4096];
            while (await client.GetStream().ReadAsync(ignored) > 0)
            {
            }
        });

        (await _probe.CheckAsync(address, CancellationToken.None).DefaultTimeout()).ShouldBe("it does not speak HTTP");
        await talking.DefaultTimeout();
    }

    [Fact]
    public async Task Name_that_has_ipv4_and_ipv6_is_reached_over_ipv4()
    {
        // The server listens on IPv4 only, as vLLM does.
        await using var server = await ProbeServer.StartAsync("{}");

        (await _probe.CheckAsync(new Uri($"http://localhost:{server.Address.Port}/health"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Counters_are_read_from_the_metrics()
    {
        await using var server = await ProbeServer.StartAsync("vllm:num_requests_running 2\nvllm:generation_tokens_total 40\n", contentType: "text/plain");

        (await _probe.ReadCountersAsync(server.Address, CancellationToken.None)).ShouldBe(new ServerCounters(2, 0, 40, 0, 0, 0));
        server.Asked.ShouldBe(["GET /metrics"]);
    }
}
