using Appliance.Benchmarks.Load;
using Appliance.Benchmarks.Servers;

namespace Appliance.Benchmarks;

/// <summary>A hundred people read answers at once: how long is each chunk on its way?</summary>
internal static class StreamBenchmark
{
    private const int Rounds = 5;
    private const int Streams = 100;
    private const int WarmUps = 3;

    public static async Task WriteAsync(TextWriter output)
    {
        await using var ways = await Ways.StartAsync();
        output.WriteLine($"| way | chunk lag of {Streams} streams, ms, median | 99 % |");
        output.WriteLine("|---|---|---|");
        var medians = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var slow = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        foreach (var way in ways.All)
        {
            (medians[way.Name], slow[way.Name]) = ([], []);
            for (var warmUp = 0; warmUp < WarmUps; warmUp++)
            {
                await LoadLoop.MeasureStreamsAsync(way.Address, Streams);
            }
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var way in ways.All)
            {
                var lags = await LoadLoop.MeasureStreamsAsync(way.Address, Streams);
                medians[way.Name].Add(Statistics.Median(lags));
                slow[way.Name].Add(Statistics.Percentile(lags, 0.99));
            }
        }

        foreach (var way in ways.All)
        {
            output.WriteLine($"| {way.Name} | {Statistics.Describe(medians[way.Name], "0.00")} | {Statistics.Describe(slow[way.Name], "0.00")} |");
        }
    }
}
