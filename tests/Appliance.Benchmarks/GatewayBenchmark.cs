using Appliance.Benchmarks.Load;
using Appliance.Benchmarks.Servers;

namespace Appliance.Benchmarks;

/// <summary>
/// Three ways to the same model server, in turn: directly, through a bare YARP forwarder, through the gateway. All of them, client included, share one
/// process and the machine's processors, so the ratios say more than the numbers.
/// </summary>
internal static class GatewayBenchmark
{
    private const int Rounds = 7;
    private const int ManyConnections = 32;

    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(2);

    public static async Task WriteAsync(TextWriter output)
    {
        await using var model = await StandInModel.StartAsync();
        await using var forwarder = await BareForwarder.StartAsync(model.Address);
        await using var gateway = await GatewayAlone.StartAsync(model.Address);
        Way[] ways = [new("direct", model.Address), new("bare YARP forwarder", forwarder.Address), new("gateway", gateway.Address)];

        foreach (var way in ways)
        {
            // Compiled and connected before anything counts.
            await LoadLoop.RunAsync(way.Address, ManyConnections, s_round);
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var way in ways)
            {
                way.Alone.Add((await LoadLoop.RunAsync(way.Address, 1, s_round)).MedianMilliseconds);
                way.Many.Add((await LoadLoop.RunAsync(way.Address, ManyConnections, s_round)).RequestsPerSecond);
                way.Lags.AddRange(await LoadLoop.MeasureStreamAsync(way.Address));
            }
        }

        Write(output, ways);
    }

    private static void Write(TextWriter output, Way[] ways)
    {
        output.WriteLine("| way | ms per request, 1 connection | added ms | requests/s, 32 connections | chunk lag ms, median / 99 % |");
        output.WriteLine("|---|---|---|---|---|");
        var direct = Statistics.Median(ways[0].Alone);
        foreach (var way in ways)
        {
            output.WriteLine(
                $"| {way.Name} | {Statistics.Describe(way.Alone, "0.000")} | {Statistics.Median(way.Alone) - direct:0.000} | {Statistics.Describe(way.Many, "0")} "
                + $"| {Statistics.Median(way.Lags):0.00} / {Statistics.Percentile(way.Lags, 0.99):0.00} |");
        }

        var added = (Statistics.Median(ways[2].Alone) - direct) / (Statistics.Median(ways[1].Alone) - direct);
        var rate = Statistics.Median(ways[2].Many) / Statistics.Median(ways[1].Many);
        output.WriteLine();
        output.WriteLine($"Gateway against bare forwarder: {added:0.00} times its added latency, {rate:0.00} times its requests per second.");
    }

    private sealed record Way(string Name, Uri Address)
    {
        public List<double> Alone { get; } = [];

        public List<double> Many { get; } = [];

        public List<double> Lags { get; } = [];
    }
}
