using System.ClientModel;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Appliance.Cluster.Models;
using Appliance.Demo.FakeUpstreams;
using Appliance.TestKit.Time;
using OpenAI;
using OpenAI.Chat;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.FakeUpstreams;

public sealed class FakeModelServerTests : IAsyncLifetime, IDisposable
{
    private static readonly FakeModel Qwen = new("Qwen/Qwen3.6-35B-A3B-FP8", "qwen", 32_768, [Capability.Chat, Capability.Tools, Capability.Reasoning]) { Name = "Qwen3.6 35B" };

    private readonly FakeModelServer _server = FakeModelServer.Reserve(IPAddress.Loopback, TimeProvider.System);
    private readonly HttpClient _http = new();

    public async Task InitializeAsync()
    {
        _http.BaseAddress = new Uri($"http://127.0.0.1:{_server.Port}");
        _server.Behaviour = FakeServerBehaviour.Immediate;
        await _server.OpenAsync(Qwen, CancellationToken.None);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Closed_server_refuses_at_once_and_reopens_on_the_same_port()
    {
        var port = _server.Port;
        (await _http.GetAsync("/health").DefaultTimeout()).StatusCode.ShouldBe(HttpStatusCode.OK);

        await _server.CloseAsync().DefaultTimeout();
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            var refused = await Should.ThrowAsync<SocketException>(() => socket.ConnectAsync(IPAddress.Loopback, port).DefaultTimeout());
            refused.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
        }

        await _server.OpenAsync(Qwen with { ServedName = "other" }, CancellationToken.None).DefaultTimeout();
        _server.Port.ShouldBe(port);
        (await _http.GetFromJsonAsync<JsonElement>("/v1/models").DefaultTimeout()).GetProperty("data")[0].GetProperty("id").GetString().ShouldBe("other");
    }

    [Theory]
    [InlineData("""{"type":"json_object"}""", """{"answer":"Hello."}""")]
    [InlineData(
        """{"type":"json_schema","json_schema":{"name":"x","schema":{"$defs":{"mood":{"enum":["calm"]}},"type":"object","properties":{"city":{"type":"string"},"days":{"type":["integer","null"]},"moods":{"type":"array","items":{"$ref":"#/$defs/mood"}},"next":{"anyOf":[{"type":"boolean"}]}}}}}""",
        """{"city":"city","days":1,"moods":["calm"],"next":true}""")]
    [InlineData("""{"type":"text"}""", "Hello.")]
    public async Task Program_that_wants_json_gets_json_that_fits_its_schema(string format, string wanted)
    {
        _server.Behaviour = FakeServerBehaviour.Immediate with { Answer = "Hello." };
        var body = $$"""{"model":"qwen","messages":[{"role":"user","content":"Hi"}],"response_format":{{format}}}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await _http.PostAsync("/v1/chat/completions", content).DefaultTimeout();

        var json = await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout();
        json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe(wanted);
    }

    [Fact]
    public async Task Closing_cuts_a_running_answer()
    {
        _server.Behaviour = FakeServerBehaviour.Default with { Wedged = true };
        var answer = _http.PostAsync("/v1/chat/completions", JsonContent.Create(new { model = "qwen", messages = new[] { new { role = "user", content = "Hi" } } }));
        await _server.WaitUntilAsync(server => server.Running == 1, CancellationToken.None).DefaultTimeout();

        await _server.CloseAsync().DefaultTimeout();

        await Should.ThrowAsync<HttpRequestException>(() => answer.DefaultTimeout());
    }

    [Fact]
    public async Task Official_client_streams_an_answer_that_names_the_model_and_counters_move()
    {
        var chat = new ChatClient("qwen", new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(_http.BaseAddress!, "/v1") });
        var text = string.Empty;
        ChatTokenUsage? usage = null;
        await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("Good morning")]))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }

        text.ShouldStartWith("Hello from Qwen3.6 35B.");
        usage.ShouldNotBeNull().OutputTokenCount.ShouldBe((int)_server.GeneratedTokens);
        var metrics = await _http.GetStringAsync("/metrics").DefaultTimeout();
        metrics.ShouldContain($"vllm:generation_tokens_total{{engine=\"0\",model_name=\"qwen\"}} {_server.GeneratedTokens}.0\n");
        metrics.ShouldContain("vllm:num_requests_running{engine=\"0\",model_name=\"qwen\"} 0.0\n");
        metrics.ShouldContain("vllm:time_to_first_token_seconds_count{engine=\"0\",model_name=\"qwen\"} 1\n");
    }

    [Fact]
    public async Task Reasoning_comes_first_and_one_token_is_enough_to_see_life()
    {
        var answer = await _http.PostAsync("/v1/chat/completions", JsonContent.Create(new { model = "qwen", max_tokens = 1, messages = new[] { new { role = "user", content = "Hi" } } })).DefaultTimeout();

        var choice = (await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("choices")[0];
        choice.GetProperty("message").GetProperty("reasoning").GetString().ShouldBe("The");
        choice.GetProperty("message").GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        choice.GetProperty("finish_reason").GetString().ShouldBe("length");
    }

    [Fact]
    public async Task Tokens_follow_the_injected_clock()
    {
        var clock = new ManualClock();
        await using var server = FakeModelServer.Reserve(IPAddress.Loopback, clock);
        server.Behaviour = new FakeServerBehaviour { TokensPerSecond = 10, TimeToFirstToken = TimeSpan.FromSeconds(1), Answer = "one two three" };
        await server.OpenAsync(Qwen with { Capabilities = [Capability.Chat] }, CancellationToken.None).DefaultTimeout();

        var answer = _http.PostAsync($"http://127.0.0.1:{server.Port}/v1/completions", JsonContent.Create(new { model = "qwen", prompt = "count" }));
        for (var token = 1; token <= 3; token++)
        {
            while (clock.PendingTimers == 0)
            {
                await Task.Yield();
            }

            server.GeneratedTokens.ShouldBe(token - 1);
            clock.AdvanceToNextTimer(TimeSpan.FromSeconds(1)).ShouldBeTrue();
            await server.WaitUntilAsync(s => s.GeneratedTokens == token, CancellationToken.None).DefaultTimeout();
        }

        (await answer.DefaultTimeout()).StatusCode.ShouldBe(HttpStatusCode.OK);
        clock.GetElapsedTime(0).ShouldBe(TimeSpan.FromSeconds(1.2));
    }

    [Fact]
    public async Task Unknown_model_is_vllms_404_with_a_number_as_code()
    {
        var answer = await _http.PostAsync("/v1/chat/completions", JsonContent.Create(new { model = "gpt-4o", messages = Array.Empty<object>() })).DefaultTimeout();

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBe(404);
        error.GetProperty("param").GetString().ShouldBe("model");
    }

    [Fact]
    public async Task Picture_is_refused_by_a_model_without_eyes()
    {
        var body = """{"model":"qwen","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]}""";

        var answer = await _http.PostAsync("/v1/chat/completions", new StringContent(body)).DefaultTimeout();

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("not a multimodal model");
    }
}
