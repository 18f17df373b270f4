using Appliance.Benchmarks.Load;
using Appliance.Benchmarks.Servers;

namespace Appliance.Benchmarks;

/// <summary>
/// Short answers, on one connection and on many, over each way in turn. Every server is a process of its own; all of them and the client share the machine's
/// processors. Whatever else the machine does meanwhile meets every way alike, because the rounds are short and the ratios are taken within a round.
/// </summary>
internal static class GatewayBenchmark
{
    private const int Rounds = 12;

    private static readonly int[] s_connections = [1, 32];

    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(1);

    /// <summary>Until the runtime has compiled everything for good: on two busy processors it is at it for more than ten seconds.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(14);

    public static async Task WriteAsync(TextWriter output)
    {
        await using var ways = await Ways.StartAsync();
        foreach (var way in ways.All)
        {
            await LoadLoop.RunAsync(way.Address, s_connections.Max(), s_warmUp);
        }

        foreach (var connections in s_connections)
        {
            var rounds = ways.All.ToDictionary(way => way.Name, _ => new List<Round>(), StringComparer.Ordinal);
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var way in ways.All)
                {
                    rounds[way.Name].Add(await RunAsync(way, connections));
                }
            }

            Write(output, connections, rounds);
        }
    }

    private static async Task<Round> RunAsync(Way way, int connections)
    {
        var before = way.Use.ReadProcessorTime();
        var load = await LoadLoop.RunAsync(way.Address, connections, s_round);
        return new Round(load, (way.Use.ReadProcessorTime() - before).TotalMicroseconds / load.Requests);
    }

    private static void Write(TextWriter output, int connections, Dictionary<string, List<Round>> rounds)
    {
        var direct = rounds[Ways.Direct];
        output.WriteLine($"| way, {connections} connection{(connections == 1 ? string.Empty : "s")} | ms per request | added ms | 99 % of requests, ms | requests/s | processor µs per request |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, own) in rounds)
        {
            output.WriteLine(
                $"| {name} | {Describe(own, round => round.Load.MedianMilliseconds, "0.000")} | {Statistics.Describe(Added(own, direct), "0.000")} | {Describe(own, round => round.Load.SlowMilliseconds, "0.00")} "
                + $"| {Describe(own, round => round.Load.RequestsPerSecond, "0")} | {Describe(own, round => round.ProcessorMicroseconds, "0")} |");
        }

        output.WriteLine();
        output.WriteLine($"| gateway against, {connections} connection{(connections == 1 ? string.Empty : "s")} | latency | added latency | requests/s | processor |");
        output.WriteLine("|---|---|---|---|---|");
        var gateway = rounds[Ways.Gateway];
        foreach (var (name, other) in rounds.Where(way => way.Key != Ways.Gateway))
        {
            var added = name == Ways.Direct ? "" : Statistics.Describe(Ratios(Added(gateway, direct), Added(other, direct)), "0.00");
            output.WriteLine(
                $"| {name} | {DescribeRatios(gateway, other, round => round.Load.MedianMilliseconds)} | {added} "
                + $"| {DescribeRatios(gateway, other, round => round.Load.RequestsPerSecond)} | {DescribeRatios(gateway, other, round => round.ProcessorMicroseconds)} |");
        }

        output.WriteLine();
    }

    private static string Describe(List<Round> rounds, Func<Round, double> read, string format) => Statistics.Describe([.. rounds.Select(read)], format);

    private static string DescribeRatios(List<Round> rounds, List<Round> others, Func<Round, double> read) =>
        Statistics.Describe(Ratios([.. rounds.Select(read)], [.. others.Select(read)]), "0.00");

    private static double[] Added(List<Round> rounds, List<Round> direct) =>
        [.. rounds.Zip(direct, (own, bare) => own.Load.MedianMilliseconds - bare.Load.MedianMilliseconds)];

    private static double[] Ratios(IEnumerable<double> values, IEnumerable<double> others) => [.. values.Zip(others, (own, other) => own / other)];

    private sealed record Round(LoadResult Load, double ProcessorMicroseconds);
}
