using System.Text;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Holding;

/// <summary>Changes of the model at random moments, with a drain that waits, or does not: every caller gets a whole answer or a visible error.</summary>
public sealed class SwapWhileStreamingTests
{
    private const string Last = "t11";

    [Fact]
    public async Task No_answer_is_cut_without_a_visible_error()
    {
        var (rig, server) = await GatewayRig.StartWithQwenAsync();
        await using var _ = rig;
        server.Behaviour = FakeServerBehaviour.Immediate with { Answer = $"t0 t1 t2 t3 t4 t5 t6 t7 t8 t9 t10 {Last}", BeforeToken = async (_, _) => await Task.Yield() };
        var ends = new int[3];
        using var over = new CancellationTokenSource();

        var callers = Enumerable.Range(0, 16).Select(seed => Task.Run(() => AskAgainAndAgainAsync(rig, new Random(seed), 64, ends))).ToArray();
        var swapping = SwapAgainAndAgainAsync(rig, server, new Random(20261126), over.Token);
        await Task.WhenAll(callers).DefaultTimeout();
        await over.CancelAsync();
        await swapping.DefaultTimeout();

        ends.Sum().ShouldBe(16 * 64);
        ends[0].ShouldBeGreaterThan(0);
        await rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
        rig.Holds.Count.ShouldBe(0);
        await server.WaitUntilAsync(s => s.OpenRequests == 0, CancellationToken.None).DefaultTimeout();
    }

    private static async Task AskAgainAndAgainAsync(GatewayRig rig, Random random, int times, int[] ends)
    {
        for (var i = 0; i < times; i++)
        {
            var isStreamed = random.Next(3) > 0;
            using var client = await RawClient.ConnectAsync(rig.Address);
            await client.PostAsync(
                "/v1/chat/completions", $$"""{"model":"qwen-served","stream":{{(isStreamed ? "true" : "false")}},"messages":[{"role":"user","content":"Hi"}]}""", closes: true);
            var seen = await client.ReadToEndAsync();
            var end = EndOf(seen, isStreamed);
            Interlocked.Increment(ref ends[end]);
        }
    }

    /// <summary>0 for a whole answer, 1 for an error that says so, 2 for a connection that visibly broke.</summary>
    private static int EndOf(string seen, bool isStreamed)
    {
        var isProper = seen.EndsWith("0\r\n\r\n", StringComparison.Ordinal) || HasWholeBody(seen);
        if (isStreamed && seen.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            var isWhole = seen.Contains("data: [DONE]", StringComparison.Ordinal);
            isWhole.ShouldBe(isProper, seen);
            isWhole.ShouldBe(seen.Contains(Last, StringComparison.Ordinal) && !seen.Contains("\"error\"", StringComparison.Ordinal), seen);
            (isWhole || seen.Contains("data: {\"error\"", StringComparison.Ordinal)).ShouldBeTrue(seen);
            return isWhole ? 0 : 1;
        }

        if (!isProper)
        {
            return 2;
        }

        var isError = seen.Contains("\"error\"", StringComparison.Ordinal);
        seen.StartsWith("HTTP/1.1 200", StringComparison.Ordinal).ShouldBe(!isError, seen);
        (isError || seen.Contains(Last, StringComparison.Ordinal)).ShouldBeTrue(seen);
        return isError ? 1 : 0;
    }

    private static bool HasWholeBody(string seen)
    {
        var head = seen.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var length = seen.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
        return head > 0 && length is not null && Encoding.UTF8.GetByteCount(seen[(head + 4)..]) == int.Parse(length[16..], null);
    }

    private static async Task SwapAgainAndAgainAsync(GatewayRig rig, FakeModelServer server, Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await AfterTokensAsync(server, random.Next(1, 200), over);
            rig.Upstreams.Set(GatewayRig.Loading(server.Port));
            if (random.Next(2) == 0)
            {
                await AfterTokensAsync(server, random.Next(0, 30), over);
            }
            else
            {
                await rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
            }

            rig.Traffic.Cut("main");
            await rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
            rig.Upstreams.Set(GatewayRig.Serving(server.Port, "qwen-served", "qwen--qwen3.6-35b", UpstreamTask.Chat));
        }
    }

    /// <summary>Or until nothing is generated any more.</summary>
    private static async Task AfterTokensAsync(FakeModelServer server, int tokens, CancellationToken over)
    {
        var from = server.GeneratedTokens;
        await server.WaitUntilAsync(s => s.GeneratedTokens >= from + tokens || s.OpenRequests == 0, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
