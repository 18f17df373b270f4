using System.Net;
using System.Net.WebSockets;
using System.Text;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.Limits;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Forwarding;

public sealed class RealtimeTests : IAsyncLifetime
{
    private GatewayRig _rig = null!;
    private FakeSpeechServer _server = null!;

    public async Task InitializeAsync()
    {
        _rig = await GatewayRig.StartAsync();
        _server = _rig.Own(await FakeSpeechServer.StartAsync(IPAddress.Loopback, TimeProvider.System, CancellationToken.None).DefaultTimeout());
        _rig.Upstreams.Add(GatewayRig.Serving(_server.Port, "whisper-served", "openai--whisper", UpstreamTask.Transcription));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Session_is_passed_through_both_ways_under_the_servers_own_name_of_the_model()
    {
        using var socket = await ConnectAsync("model=openai--whisper&intent=transcription");

        (await ReceiveAsync(socket)).ShouldBe("""{"type":"session.created","session":{"model":"whisper-served"}}""");
        await SendAsync(socket, """{"type":"input_audio_buffer.append","audio":"AAAA"}""");
        (await ReceiveAsync(socket)).ShouldBe("""{"type":"transcription.delta","delta":"This"}""");
        await SendAsync(socket, """{"type":"any.other","text":"é🎈"}""");
        (await ReceiveAsync(socket)).ShouldBe("""{"type":"any.other","text":"é🎈"}""");
        _rig.Traffic.InFlight("main").ShouldBe(1);

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).DefaultTimeout();
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    public async Task Protocol_is_agreed_on_and_a_key_hidden_among_the_protocols_stays_here()
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("openai-insecure-api-key.secret");
        socket.Options.AddSubProtocol("realtime");
        await socket.ConnectAsync(Address("model=default"), CancellationToken.None).DefaultTimeout();

        socket.SubProtocol.ShouldBe("realtime");
    }

    [Fact]
    public async Task Caller_who_leaves_and_server_that_dies_end_the_other_side()
    {
        var first = await ConnectAsync("model=default");
        await ReceiveAsync(first);
        first.Abort();
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();

        using var second = await ConnectAsync("model=default");
        await ReceiveAsync(second);
        await _server.CloseAsync().DefaultTimeout();

        await Should.ThrowAsync<WebSocketException>(() => ReceiveAsync(second));
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    public async Task Close_codes_and_their_words_pass_both_ways()
    {
        using var first = await ConnectAsync("model=default");
        await ReceiveAsync(first);
        await first.CloseAsync((WebSocketCloseStatus)4001, "done here", CancellationToken.None).DefaultTimeout();
        first.CloseStatus.ShouldBe((WebSocketCloseStatus)4001);
        first.CloseStatusDescription.ShouldBe("done here");

        using var second = await ConnectAsync("model=default");
        await ReceiveAsync(second);
        await SendAsync(second, """{"type":"session.fail"}""");
        (await ReceiveAsync(second)).ShouldBeEmpty();
        second.CloseStatus.ShouldBe(WebSocketCloseStatus.InternalServerError);
        second.CloseStatusDescription.ShouldBe("The engine died.");
        await second.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).DefaultTimeout();
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    public async Task Sound_in_large_frames_comes_back_byte_for_byte()
    {
        using var socket = await ConnectAsync("model=default");
        await ReceiveAsync(socket);
        var sound = new byte[300_000];
        new Random(7).NextBytes(sound);

        await socket.SendAsync(sound, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).DefaultTimeout();

        var back = new byte[sound.Length];
        var length = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(back.AsMemory(length), CancellationToken.None).AsTask().DefaultTimeout();
            length += part.Count;
        }
        while (!part.EndOfMessage);
        back.ShouldBe(sound);
    }

    [Fact]
    public async Task Change_of_the_model_ends_the_session_and_a_session_takes_no_turn_of_recordings()
    {
        _rig.Settings.With(LimitSettings.Transcription, "1");
        using var socket = await ConnectAsync("model=default");
        await ReceiveAsync(socket);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[32_000]), "file", "a.wav" } };
        (await _rig.Http.PostAsync("/v1/audio/transcriptions", form).DefaultTimeout()).StatusCode.ShouldBe(HttpStatusCode.OK);

        _rig.Traffic.Cut("main").ShouldBe(1);

        await Should.ThrowAsync<WebSocketException>(() => ReceiveAsync(socket));
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    public async Task WebSocket_is_opened_on_no_other_path()
    {
        using var socket = new ClientWebSocket();

        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{_rig.Address.Authority}/v1/audio/voices"), CancellationToken.None).DefaultTimeout());
    }

    [Fact]
    public void Places_for_sessions_are_counted_and_come_back()
    {
        var tunnels = new Tunnels();
        var open = Enumerable.Range(0, 100).Select(_ => tunnels.TryOpen().ShouldNotBeNull()).ToArray();

        tunnels.TryOpen().ShouldBeNull();
        open[7].Dispose();
        tunnels.TryOpen().ShouldNotBeNull();
        tunnels.TryOpen().ShouldBeNull();
    }

    [Fact]
    public async Task Refusal_of_the_server_is_an_error_object()
    {
        var answer = await _rig.Http.GetAsync("/v1/realtime?model=default").DefaultTimeout();

        answer.StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("This path takes a WebSocket.");
    }

    private Uri Address(string query) => new($"ws://{_rig.Address.Authority}/v1/realtime?{query}");

    private async Task<ClientWebSocket> ConnectAsync(string query)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(Address(query), CancellationToken.None).DefaultTimeout();
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).DefaultTimeout();

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).DefaultTimeout();
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
