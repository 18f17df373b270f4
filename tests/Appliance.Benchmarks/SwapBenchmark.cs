using Appliance.Benchmarks.Load;
using Appliance.Benchmarks.Swapping;

namespace Appliance.Benchmarks;

/// <summary>
/// What the appliance adds to a change of models, against the same commands given by hand on the same machine in the same run: from the click to the launch
/// command on the host, and from the first generated token to "live".
/// </summary>
internal static class SwapBenchmark
{
    private const int Rounds = 7;

    public static async Task WriteAsync(TextWriter output, string appliance)
    {
        await using var home = await SwapHome.StartAsync(appliance);
        var byHand = new List<SwapTimes>();
        var appliances = new List<SwapTimes>();
        for (var round = 0; round < Rounds; round++)
        {
            byHand.Add(await home.ChangeByHandAsync());
            appliances.Add(await home.ChangeByApplianceAsync());
        }

        output.WriteLine("| what | by hand | appliance | added |");
        output.WriteLine("|---|---|---|---|");
        Row("click to launch command, nothing runs, s", times => times.Launch);
        Row("click to launch command, another model runs, s", times => times.Change);
        Row("first token to live, s", times => times.Live);

        void Row(string what, Func<SwapTimes, TimeSpan> value)
        {
            double[] hand = [.. byHand.Select(times => value(times).TotalSeconds)];
            double[] ours = [.. appliances.Select(times => value(times).TotalSeconds)];
            output.WriteLine($"| {what} | {Statistics.Describe(hand, "0.000")} | {Statistics.Describe(ours, "0.000")} | {(Statistics.Median(ours) - Statistics.Median(hand)).ToString("0.000")} |");
        }
    }
}
