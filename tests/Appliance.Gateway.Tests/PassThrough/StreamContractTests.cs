using System.Text;
using Appliance.Gateway.Exchanges;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.PassThrough;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.PassThrough;

/// <summary>What every forwarded path promises about streamed answers, run on every row of the table whose answers may be streams.</summary>
public sealed class StreamContractTests : IAsyncLifetime
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

    private GatewayRig _rig = null!;

    public static TheoryData<string> Rows => [.. PassThroughTable.Routes.Where(route => route.Exchange == RouteExchange.Forward).Select(route => route.Name)];

    public async Task InitializeAsync() => _rig = await GatewayRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Piece_is_with_the_caller_before_the_next_one_is_made(string row)
    {
        var seen = new SemaphoreSlim(0);
        await using var upstream = new RawUpstream(async socket =>
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(Head));
            foreach (var piece in StreamSamples.Whole(Route(row).StreamEnd))
            {
                await socket.SendAsync(Chunk(piece));
                await seen.WaitAsync();
            }

            await socket.SendAsync("0\r\n\r\n"u8.ToArray());
        });
        using var client = await AskAsync(row, upstream.Port);

        foreach (var piece in StreamSamples.Whole(Route(row).StreamEnd))
        {
            await client.ReadUntilAsync(piece);
            seen.Release();
        }

        var all = await client.ReadUntilAsync("\r\n0\r\n\r\n");
        all.ShouldNotContain("error");
        all.ShouldContain("X-Accel-Buffering: no\r\n");
        all.ShouldContain("Cache-Control: no-store\r\n");
        all.ShouldNotContain("Content-Encoding");
        all.ShouldNotContain("Content-Length");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Stream_that_dies_is_visibly_cut(string row)
    {
        var end = Route(row).StreamEnd;
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = StreamSamples.Whole(end)[0];
        await using var upstream = RawUpstream.Saying(Head + Encoding.UTF8.GetString(Chunk(first)), seen.Task, string.Empty, reset: true);
        using var client = await AskAsync(row, upstream.Port);
        await client.ReadUntilAsync(first);

        seen.SetResult();
        var all = await client.ReadToEndAsync();

        all.ShouldContain(end switch
        {
            StreamEnd.ResponseEvent => "event: error\ndata: {\"type\":\"error\",\"code\":\"upstream_failed\",\"message\":\"The model server ended the connection in the middle of its answer.\",\"param\":null,\"sequence_number\":1,\"error\":{",
            StreamEnd.MessageStop => "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"The model server ended the connection in the middle of its answer.\",\"type\":\"api_error\"",
            _ => "data: {\"error\":{\"message\":\"The model server ended the connection in the middle of its answer.\",\"type\":\"server_error\"",
        });
        all.ShouldContain("\"src\":\"upstream\"}\n\n");
        all.ShouldNotEndWith("0\r\n\r\n");
        StreamSamples.Ends.ShouldAllBe(mark => !all.Contains(mark, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Stream_without_its_end_is_not_taken_for_whole(string row)
    {
        var end = Route(row).StreamEnd;
        var whole = StreamSamples.Whole(end);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = RawUpstream.Saying(Head + Encoding.UTF8.GetString(Chunk(whole[0])), seen.Task, "0\r\n\r\n", reset: false);
        using var client = await AskAsync(row, upstream.Port);
        await client.ReadUntilAsync(whole[0]);

        seen.SetResult();
        if (end == StreamEnd.Unmarked)
        {
            (await client.ReadUntilAsync("\r\n0\r\n\r\n")).ShouldNotContain("error");
            return;
        }

        var all = await client.ReadToEndAsync();
        all.ShouldContain("ended its answer before it was complete");
        all.ShouldNotEndWith("0\r\n\r\n");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Caller_who_leaves_ends_the_work_upstream(string row)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new RawUpstream(async socket =>
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(Head + Encoding.UTF8.GetString(Chunk("data: first\n\n"))));
            (await socket.ReceiveAsync(new byte[1])).ShouldBe(0);
            gone.SetResult();
        });
        using var client = await AskAsync(row, upstream.Port);
        await client.ReadUntilAsync("data: first");
        _rig.Traffic.InFlight("main").ShouldBe(1);

        client.Reset();

        await gone.Task.DefaultTimeout();
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
    }

    private static PassThroughRoute Route(string row) => PassThroughTable.Routes.Single(route => route.Name == row);

    private static byte[] Chunk(string text) => Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    private async Task<RawClient> AskAsync(string row, int port)
    {
        var route = Route(row);
        _rig.Upstreams.Add(GatewayRig.Serving(port, "qwen-served", "qwen--qwen3.6-35b", route.Task));
        var client = await RawClient.ConnectAsync(_rig.Address);
        await client.SendAsync(RowRequest.Raw(route));
        return client;
    }
}
