using System.Diagnostics;
using Appliance.Benchmarks.Load;
using Appliance.Benchmarks.Servers;
using Appliance.Benchmarks.Uploads;

namespace Appliance.Benchmarks;

/// <summary>Long recordings, one and many at once: how fast do they pass, and what does the server in the middle keep of them in memory?</summary>
internal static class UploadBenchmark
{
    private const int Rounds = 9;
    private const int AtOnce = 200;
    private const int Megabyte = 1024 * 1024;
    private const long Bytes = 100 * Megabyte;

    public static async Task WriteAsync(TextWriter output)
    {
        await using var ways = await Ways.StartAsync();
        var alone = ways.All.ToDictionary(way => way.Name, _ => new List<double>(), StringComparer.Ordinal);
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var way in ways.All)
            {
                var seconds = await SendAsync(way, atOnce: 1);
                if (round >= 0)
                {
                    alone[way.Name].Add(seconds);
                }
            }
        }

        output.WriteLine($"| way | one upload of {Bytes / Megabyte} MB, s | {AtOnce} at once, s | MB/s | memory before, MiB | most during, MiB | growth, MiB |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var way in ways.All)
        {
            // The connections are there before anything is counted.
            await LoadLoop.RunAsync(way.Address, AtOnce, TimeSpan.FromSeconds(2));
            var before = way.Use.ReadMemory();
            await using var watch = new MemoryWatch(way.Use.ReadMemory);
            var seconds = await SendAsync(way, AtOnce);
            var most = await watch.StopAsync();
            output.WriteLine(
                $"| {way.Name} | {Statistics.Describe(alone[way.Name], "0.00")} | {seconds:0.0} | {AtOnce * Bytes / Megabyte / seconds:0} "
                + $"| {before / (double)Megabyte:0} | {most / (double)Megabyte:0} | {(most - before) / (double)Megabyte:0} |");
        }
    }

    private static async Task<double> SendAsync(Way way, int atOnce)
    {
        var started = Stopwatch.GetTimestamp();
        await Upload.SendAsync(way.Address, atOnce, Bytes);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
