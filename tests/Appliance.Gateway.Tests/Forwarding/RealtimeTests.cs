using System.Net;
using System.Net.WebSockets;
using System.Text;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
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
