using System.Diagnostics;
using System.Globalization;
using Appliance.Cluster.Metrics;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.PassThrough;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Faults;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Appliance.Gateway.Tests.Faults;

/// <summary>
/// Many requests through the gateway to a server behind a bad network (reliability goals of the proxy): three in ten meet one of toxiproxy's toxics. The seed
/// is printed; <c>FAULT_SEED</c> repeats it and <c>FAULT_REQUESTS</c> sends more.
/// </summary>
public sealed class FaultRunTests(ITestOutputHelper output)
{
    private const int AtOnce = 64;
    private const double FaultyShare = 0.3;
    private const string Path = "/fault/chat";

    /// <summary>How long a black hole is waited for: an unspoiled answer is there in milliseconds, also on a busy machine.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private static PassThroughRoute Route { get; } = new()
    {
        Name = "FaultyChat",
        Summary = "Chat with little patience.",
        Method = HttpMethods.Post,
        Path = Path,
        Task = UpstreamTask.Chat,
        ModelName = ModelNamePlace.JsonBody,
        BodyLimit = 1024 * 1024,
        FirstByte = Silence,
        Idle = Silence,
        StreamEnd = StreamEnd.Done,
    };

    [Fact]
    public async Task Requests_over_a_bad_network_are_answered_whole_or_visibly_not_at_all()
    {
        var seed = FromEnvironment("FAULT_SEED") ?? Random.Shared.Next();
        var requests = FromEnvironment("FAULT_REQUESTS") ?? 20_000;
        output.WriteLine($"FAULT_SEED={seed} FAULT_REQUESTS={requests}");
        var schedule = new ToxicSchedule(seed, FaultyShare);
        await using var rig = await GatewayRig.StartAsync(Map);
        var meter = rig.Meter.Meter;
        using var reader = new MeterReader(instrument => instrument.Meter == meter);
        var upstream = rig.Own(await FaultUpstream.StartAsync());
        var proxy = rig.Own(new FaultProxy(upstream.Port, head => schedule.Of(FaultRequest.NumberIn(head))));
        rig.Upstreams.Add(GatewayRig.Serving(proxy.Port, "qwen-served", "qwen--qwen3.6-35b", UpstreamTask.Chat));
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce, UseProxy = false }) { BaseAddress = rig.Address };
        var caller = new FaultCaller(client, Path);

        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, _) => await caller.SendAsync(FaultRequest.Of(schedule, number)));
        output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, {upstream.Executed} reached the server; "
            + string.Join(", ", caller.Ends.OrderBy(end => end.Key, StringComparer.Ordinal).Select(end => $"{end.Value} {end.Key}")));

        caller.Wrong.Take(10).ShouldBeEmpty($"FAULT_SEED={seed}");
        upstream.Doubled.ShouldBeEmpty($"FAULT_SEED={seed}: carried out twice");
        caller.Count("whole").ShouldBeGreaterThan(requests * 6 / 10, $"FAULT_SEED={seed}");
        caller.Count("cut").ShouldBeGreaterThan(0, $"FAULT_SEED={seed}: the run had no teeth");
        await UntilAsync(() => upstream.Open == 0 && rig.Traffic.InFlight("main") == 0 && proxy.Open <= AtOnce, TimeSpan.FromSeconds(2), $"FAULT_SEED={seed}: something is still in work");
        GatewayNumbers.Of(reader.Read()).InFlight.ShouldBe(0);
        await UntilAsync(() => proxy.Open == 0, TimeSpan.FromSeconds(10), $"FAULT_SEED={seed}: a connection leaked");
    }

    private static void Map(WebApplication app) => app
        .MapPost(Path, (HttpContext context, PassThroughEndpoint endpoint) => endpoint.HandleAsync(context, Route))
        .WithMetadata(Route)
        .MapAround(app.Services);

    private static async Task UntilAsync(Func<bool> isTrue, TimeSpan limit, string otherwise)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        var started = Stopwatch.GetTimestamp();
        while (!isTrue())
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(limit, otherwise);
            await timer.WaitForNextTickAsync().AsTask().DefaultTimeout();
        }
    }

    private static int? FromEnvironment(string key) =>
        int.TryParse(Environment.GetEnvironmentVariable(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
