using Appliance.Benchmarks.Load;
using Appliance.Benchmarks.Starting;

namespace Appliance.Benchmarks;

/// <summary>How long a person waits for the first page after starting the appliance, and what it then keeps of the memory.</summary>
internal static class StartBenchmark
{
    private const int Rounds = 5;
    private const double Mebibyte = 1024 * 1024;

    public static async Task WriteAsync(TextWriter output, string appliance)
    {
        var starts = new List<StartResult>();
        for (var round = 0; round < Rounds; round++)
        {
            starts.Add(await ColdStart.MeasureAsync(appliance));
        }

        output.WriteLine("| what | median (middle half) |");
        output.WriteLine("|---|---|");
        output.WriteLine($"| start to first page, s | {Statistics.Describe([.. starts.Select(start => start.FirstPage.TotalSeconds)], "0.00")} |");
        output.WriteLine($"| idle memory, MiB | {Statistics.Describe([.. starts.Select(start => start.IdleBytes / Mebibyte)], "0")} |");
    }
}
