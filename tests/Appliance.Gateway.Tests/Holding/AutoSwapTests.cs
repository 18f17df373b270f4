using System.Net;
using System.Text;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Holding;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Holding;

/// <summary>Programs that ask for a model which is not loaded, with <c>AUTO_SWAP</c> on.</summary>
#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class AutoSwapTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private const string Path = "/v1/chat/completions";
    private const string Whole = """{"model":"qwen-served","messages":[{"role":"user","content":"Hi"}]}""";

    private static readonly ModelId Qwen = ModelId.Parse("qwen--qwen3.6-35b");

    private readonly ManualClock _clock = new();
    private GatewayRig _rig = null!;
    private FakeModelServer _server = null!;

    public async Task InitializeAsync()
    {
        (_rig, _server) = await GatewayRig.StartWithQwenAsync(_clock);
        _rig.Settings.With(HoldSettings.AutoSwap, "on");
        _rig.Upstreams.Answer = _ => NotLoaded;
        _rig.Wishes.OnWish = _ =>
        {
            _rig.Upstreams.Answer = null;
            _rig.Upstreams.Set(GatewayRig.Loading(_server.Port));
            return null;
        };
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Request_for_another_model_wishes_for_it_waits_and_is_answered()
    {
        var asking = PostAsync();
        await _rig.UntilHeldAsync(1);
        _rig.Wishes.Wanted.ShouldBe([Qwen]);
        _rig.Wishes.Left.ShouldBeEmpty();

        _rig.Upstreams.Set(GatewayRig.Serving(_server.Port, "qwen-served", Qwen.Value, UpstreamTask.Chat));

        using var answer = await asking.DefaultTimeout();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await GatewayRig.UntilAsync(() => _rig.Wishes.Left.Count == 1);
    }

    [Fact]
    public async Task Refusal_is_told_at_once_with_its_code_and_when_to_come_back()
    {
        _rig.Wishes.OnWish = _ => new WishOutcome.Refused("swap_locked", "Alice has reserved the machine until 18:00.") { RetryAfter = TimeSpan.FromSeconds(40) };

        using var answer = await PostAsync().DefaultTimeout();

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(40));
        var body = await answer.Content.ReadAsStringAsync().DefaultTimeout();
        body.ShouldContain("\"code\":\"swap_locked\"");
        body.ShouldContain("Alice has reserved the machine");
    }

    [Fact]
    public async Task Switched_off_nothing_is_wished_and_the_answer_says_what_is_loaded()
    {
        _rig.Settings.With(HoldSettings.AutoSwap, "off");

        using var answer = await PostAsync().DefaultTimeout();

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("Loaded now: Gemma.");
        _rig.Wishes.Wanted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Caller_who_leaves_takes_the_wish_along()
    {
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Path, Whole);
        await _rig.UntilHeldAsync(1);

        client.Reset();

        await GatewayRig.UntilAsync(() => _rig.Wishes.Left.Count == 1);
        _rig.Wishes.Left.ShouldBe([TimeSpan.Zero]);
    }

    [Fact]
    public async Task Caller_who_is_told_to_come_back_finds_the_wish_still_alive()
    {
        var asking = PostAsync();
        await _rig.UntilHeldAsync(1);

        _clock.Advance(TimeSpan.FromSeconds(60));

        using var answer = await asking.DefaultTimeout();
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await GatewayRig.UntilAsync(() => _rig.Wishes.Left.Count == 1);
        _rig.Wishes.Left[0].ShouldBeGreaterThan(answer.Headers.RetryAfter!.Delta!.Value);
    }

    [Fact]
    public async Task Load_that_fails_is_told_and_not_wished_for_again()
    {
        var asking = PostAsync();
        await _rig.UntilHeldAsync(1);

        _rig.Upstreams.Answer = _ => new UpstreamMatch.Unavailable("It did not fit into memory.") { Wanted = Qwen };

        using var answer = await asking.DefaultTimeout();
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("It did not fit into memory.");
        _rig.Wishes.Wanted.Count.ShouldBe(1);
    }

    private static UpstreamMatch NotLoaded { get; } = new UpstreamMatch.Unavailable("Qwen is not loaded. Loaded now: Gemma.") { Wanted = Qwen };

    private Task<HttpResponseMessage> PostAsync() => _rig.Http.PostAsync(new Uri(Path, UriKind.Relative), new StringContent(Whole, Encoding.UTF8, "application/json"));
}
