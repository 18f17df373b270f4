using System.Net;
using System.Text;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Holding;

/// <summary>A swap's drain deadline has passed: what still runs is cut off, and nobody takes the part for the whole.</summary>
public sealed class CutTests
{
    private const string Path = "/v1/chat/completions";
    private const string Ask = """{"model":"default","stream":true,"messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task Stream_that_is_cut_ends_with_an_error_event_and_without_a_proper_end()
    {
        var (rig, server) = await GatewayRig.StartWithQwenAsync();
        await using var _ = rig;
        server.Behaviour = FakeServerBehaviour.Immediate with { Answer = "t0 t1 t2 t3", BeforeToken = HangAt(2) };
        using var client = await RawClient.ConnectAsync(rig.Address);
        await client.PostAsync(Path, Ask);
        await client.ReadUntilAsync("t1");

        rig.Traffic.Cut("main").ShouldBe(1);

        await rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
        var seen = await client.ReadToEndAsync();
        seen.ShouldContain("data: {\"error\":{\"message\":\"The model is being stopped or changed");
        seen.ShouldContain("\"code\":\"answer_cut\"");
        seen.ShouldContain("\"src\":\"appliance\"");
        seen.ShouldNotContain("[DONE]");
        seen.ShouldNotEndWith("0\r\n\r\n");
        await server.WaitUntilAsync(s => s is { CancelledRequests: 1, Running: 0 }, CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    public async Task Answer_that_has_not_begun_when_it_is_cut_is_a_503_with_the_reason()
    {
        var (rig, server) = await GatewayRig.StartWithQwenAsync();
        await using var _ = rig;
        server.Behaviour = FakeServerBehaviour.Immediate with { BeforeToken = HangAt(0) };
        var asking = rig.Http.PostAsync(Path, new StringContent(Ask.Replace("true", "false", StringComparison.Ordinal), Encoding.UTF8, "application/json"));
        await server.WaitUntilAsync(s => s.Running == 1, CancellationToken.None).DefaultTimeout();

        rig.Traffic.Cut("main").ShouldBe(1);

        var answer = await asking.DefaultTimeout();
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("\"code\":\"answer_cut\"");
    }

    [Fact]
    public async Task Whole_answer_that_is_cut_in_the_middle_ends_with_a_broken_connection()
    {
        await using var rig = await GatewayRig.StartAsync();
        var upstream = rig.Own(await RecordingUpstream.StartAsync());
        upstream.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync("{\"half\":"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, "m", "m", UpstreamTask.Chat));
        using var client = await RawClient.ConnectAsync(rig.Address);
        await client.PostAsync(Path, Ask);
        await client.ReadUntilAsync("{\"half\":");

        rig.Traffic.Cut("main").ShouldBe(1);

        (await client.ReadToEndAsync()).ShouldNotEndWith("0\r\n\r\n");
        await rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
    }

    private static Func<int, CancellationToken, Task> HangAt(int token) =>
        (number, stop) => number < token ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
}
