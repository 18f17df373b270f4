using System.Globalization;
using System.Net;
using System.Text;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Limits;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Limits;

/// <summary>Servers that have enough to do, and servers that are not there.</summary>
#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class BusyServerTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private const string Path = "/v1/chat/completions";
    private const string Whole = """{"model":"qwen-served","messages":[{"role":"user","content":"Hi"}]}""";
    private const string Streamed = """{"model":"qwen-served","stream":true,"messages":[{"role":"user","content":"Hi"}]}""";

    private readonly ManualClock _clock = new();
    private readonly SemaphoreSlim _mayAnswer = new(0);
    private GatewayRig _rig = null!;
    private FakeModelServer _server = null!;

    public async Task InitializeAsync()
    {
        (_rig, _server) = await GatewayRig.StartWithQwenAsync(_clock);
        _rig.Settings.With(LimitSettings.Chat, "1");
        _server.Behaviour = FakeServerBehaviour.Immediate with { Answer = "one", BeforeToken = (_, stop) => _mayAnswer.WaitAsync(stop) };
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        _mayAnswer.Dispose();
    }

    [Fact]
    public async Task Second_request_waits_for_its_turn_and_says_how_long_it_did()
    {
        var first = PostAsync(Whole);
        await _server.WaitUntilAsync(server => server.Running == 1, CancellationToken.None).DefaultTimeout();
        var second = PostAsync(Whole);
        await GatewayRig.UntilAsync(() => _rig.Turns.Waiting("main") == 1 && _clock.PendingTimers > 0);
        _clock.Advance(TimeSpan.FromSeconds(3));
        _server.OpenRequests.ShouldBe(1);

        _mayAnswer.Release(2);

        using var answer = await first.DefaultTimeout();
        answer.Headers.GetValues("x-queue-ms").ShouldBe(["0"]);
        using var later = await second.DefaultTimeout();
        later.StatusCode.ShouldBe(HttpStatusCode.OK);
        int.Parse(later.Headers.GetValues("x-queue-ms").Single(), CultureInfo.InvariantCulture).ShouldBe(3_000);
    }

    [Fact]
    public async Task Stream_that_waits_long_for_its_turn_gets_comments()
    {
        var first = PostAsync(Whole);
        await _server.WaitUntilAsync(server => server.Running == 1, CancellationToken.None).DefaultTimeout();
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Path, Streamed);
        await GatewayRig.UntilAsync(() => _rig.Turns.Waiting("main") == 1 && _rig.Traffic.Waiting("main") == 1);

        _clock.Advance(TimeSpan.FromSeconds(5));

        await client.ReadUntilAsync(": waiting: other requests come first\n\n");
        _mayAnswer.Release(2);
        (await client.ReadUntilAsync("data: [DONE]\n\n")).ShouldContain("one");
        (await first.DefaultTimeout()).Dispose();
    }

    [Fact]
    public async Task Too_many_are_told_at_once_when_to_come_back()
    {
        _rig.Settings.With(LimitSettings.QueueLength, "0");
        var first = PostAsync(Whole);
        await _server.WaitUntilAsync(server => server.Running == 1, CancellationToken.None).DefaultTimeout();

        using var answer = await PostAsync(Streamed).DefaultTimeout();

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("\"code\":\"queue_full\"");
        _mayAnswer.Release();
        (await first.DefaultTimeout()).Dispose();
    }

    [Fact]
    public async Task Turn_that_does_not_come_in_time_is_503()
    {
        var first = PostAsync(Whole);
        await _server.WaitUntilAsync(server => server.Running == 1, CancellationToken.None).DefaultTimeout();
        var second = PostAsync(Whole);
        await GatewayRig.UntilAsync(() => _rig.Turns.Waiting("main") == 1 && _rig.Traffic.Waiting("main") == 1);

        _clock.Advance(TimeSpan.FromSeconds(300));

        using var answer = await second.DefaultTimeout();
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("\"code\":\"queue_timeout\"");
        _mayAnswer.Release();
        (await first.DefaultTimeout()).Dispose();
    }

    [Fact]
    public async Task Request_whose_turn_comes_during_a_change_of_the_model_waits_for_the_new_one()
    {
        var first = PostAsync(Whole);
        await _server.WaitUntilAsync(server => server.Running == 1, CancellationToken.None).DefaultTimeout();
        var second = PostAsync(Whole);
        await GatewayRig.UntilAsync(() => _rig.Turns.Waiting("main") == 1);
        _rig.Upstreams.Set(GatewayRig.Loading(_server.Port));

        _mayAnswer.Release();
        (await first.DefaultTimeout()).Dispose();
        await _rig.UntilHeldAsync(1);
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
        _rig.Upstreams.Set(GatewayRig.Serving(_server.Port, "qwen-served", "qwen--qwen3.6-35b", UpstreamTask.Chat));
        _mayAnswer.Release();

        using var answer = await second.DefaultTimeout();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Server_that_is_not_there_is_told_of_without_a_try_after_three_and_tried_again_after_a_pause()
    {
        await _server.CloseAsync();
        for (var i = 0; i < 3; i++)
        {
            (await ReasonAsync()).ShouldBe("The server behind 'qwen--qwen3.6-35b' does not accept connections.");
            _clock.Advance(TimeSpan.FromMilliseconds(300));
        }

        (await ReasonAsync()).ShouldContain("it is tried again in a few seconds");
        await _server.OpenAsync(GatewayRig.Qwen, CancellationToken.None).DefaultTimeout();
        (await ReasonAsync()).ShouldContain("it is tried again in a few seconds");
        _server.CompletedRequests.ShouldBe(0);

        _clock.Advance(TimeSpan.FromSeconds(2));
        _mayAnswer.Release(2);
        for (var i = 0; i < 2; i++)
        {
            using var answer = await PostAsync(Whole).DefaultTimeout();
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        async Task<string> ReasonAsync()
        {
            using var answer = await PostAsync(Whole).DefaultTimeout();
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            using var body = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync().DefaultTimeout());
            return body.RootElement.GetProperty("error").GetProperty("message").GetString()!;
        }
    }

    private Task<HttpResponseMessage> PostAsync(string body) => _rig.Http.PostAsync(new Uri(Path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
}
