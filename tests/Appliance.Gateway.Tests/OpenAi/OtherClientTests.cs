using System.Net;
using System.Text.Json;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Appliance.TestKit.Webhooks;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.OpenAi;

/// <summary>The official client for Node, and curl, against the demo's servers behind the gateway.</summary>
public sealed class OtherClientTests : IAsyncLifetime
{
    private const string Cut = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n1c\r\ndata: {\"choices\":[],\"n\":1}\n\n\r\n";

    private readonly TemporaryFolder _folder = new();

    private GatewayRig _rig = null!;
    private FakeModelServer _server = null!;

    public async Task InitializeAsync()
    {
        (_rig, _server) = await GatewayRig.StartWithQwenAsync();
        var speech = _rig.Own(await FakeSpeechServer.StartAsync(IPAddress.Loopback, TimeProvider.System, CancellationToken.None).DefaultTimeout());
        var embeddings = _rig.Own(await FakeEmbeddingServer.StartAsync(IPAddress.Loopback, TimeProvider.System, CancellationToken.None).DefaultTimeout());
        embeddings.BatchLimit = 32;
        Add("asr", speech.Port, UpstreamTask.Transcription);
        Add("tts", speech.Port, UpstreamTask.Speech);
        Add("embeddings", embeddings.Port, UpstreamTask.Embeddings);
        Add("cut", _rig.Own(RawUpstream.Saying(Cut)).Port, UpstreamTask.Chat);
        await AddStatusesAsync();
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    [Trait("Needs", "node")]
    public async Task Client_for_node_does_all_that_it_can()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data", "node-client")))
        {
            File.Copy(file, _folder.File(Path.GetFileName(file)));
        }

        await Tool.RunAsync(_folder.Path, "npm", default, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts");
        await RunAsync("chat", "stream", "tools", "vision", "address", "responses", "embeddings", "rerank", "transcription", "speech", "models", "unknown", "classes", "cut");

        var left = new SemaphoreSlim(0);
        _server.Behaviour = FakeServerBehaviour.Immediate with
        {
            BeforeToken = async (number, cancellationToken) =>
            {
                if (number > 0)
                {
                    await using var _ = cancellationToken.Register(() => left.Release());
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                }
            },
        };
        await RunAsync("cancel");
        await left.WaitAsync().DefaultTimeout();
        await left.WaitAsync().DefaultTimeout();
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    [Trait("Needs", "curl")]
    public async Task Curl_streams_uploads_and_sees_errors()
    {
        var recording = _folder.File("a.wav");
        await File.WriteAllBytesAsync(recording, new byte[3_000_000]);

        (await ChatAsync("default")).ShouldContain("data: [DONE]");

        (await CurlAsync("-F", "model=default", "-F", $"file=@{recording}", "/v1/audio/transcriptions")).ShouldContain("demo cluster");
        (await CurlAsync("-F", $"file=@{recording}", "-F", "model=whisper-1", "/v1/audio/transcriptions")).ShouldContain("demo cluster");

        var sound = _folder.File("b.wav");
        await PostAsync("""{"input":"one two","voice":"af_heart"}""", "/v1/audio/speech", "-o", sound);
        (await File.ReadAllBytesAsync(sound)).AsSpan(0, 4).SequenceEqual("RIFF"u8).ShouldBeTrue();

        (await PostAsync("{", "/v1/chat/completions", "-w", "%{http_code}")).ShouldEndWith("400");
        (await PostAsync("""{"query":"a","documents":["b"]}""", "/rerank")).ShouldContain("score_kind");

        // 18: the answer ended before it was whole.
        var cut = await Should.ThrowAsync<InvalidOperationException>(() => ChatAsync("cut"));
        cut.Message.ShouldContain("curl ended with 18");
        cut.Message.ShouldContain("middle of its answer");
    }

    private async Task RunAsync(params string[] cases)
    {
        var said = await Tool.RunAsync(_folder.Path, "node", default, [_folder.File("client.mjs"), new Uri(_rig.Address, "/v1").AbsoluteUri, .. cases]);
        said.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(cases.Select(name => $"ok {name}"));
    }

    private void Add(string id, int port, UpstreamTask task) =>
        _rig.Upstreams.Add(GatewayRig.Serving(port, string.Empty, null, task) with { Id = id, Names = [id] });

    /// <summary>A server that answers with the status in the model's name.</summary>
    private async Task AddStatusesAsync()
    {
        var statuses = _rig.Own(await RecordingUpstream.StartAsync());
        statuses.Answer = async context =>
        {
            // The body was read and kept by the recorder.
            using var body = JsonDocument.Parse(statuses.Requests[^1].Body);
            context.Response.StatusCode = int.Parse(body.RootElement.GetProperty("model").GetString()!["status-".Length..], null);
            await context.Response.WriteAsync($$$"""{"error":{"message":"as asked","type":"Made up","param":null,"code":{{{context.Response.StatusCode}}}}}""");
        };
        _rig.Upstreams.Add(GatewayRig.Serving(statuses.Port, string.Empty, null, UpstreamTask.Chat) with
        {
            Id = "statuses",
            Names = ["status-400", "status-401", "status-403", "status-404", "status-422", "status-429", "status-500", "status-503"],
        });
    }

    private Task<string> ChatAsync(string model) =>
        PostAsync($$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"Hello"}]}""", "/v1/chat/completions", "-N");

    private Task<string> PostAsync(string body, string path, params string[] arguments) =>
        CurlAsync([.. arguments, "-H", "Content-Type: application/json", "-d", body, path]);

    /// <summary>The last argument is the path.</summary>
    private Task<string> CurlAsync(params string[] arguments) =>
        Tool.RunAsync(_folder.Path, "curl", default, ["-sS", "--max-time", "25", .. arguments[..^1], new Uri(_rig.Address, arguments[^1]).AbsoluteUri]);
}
