namespace Appliance.Benchmarks.Load;

internal static class Statistics
{
    public static double Median(IReadOnlyCollection<double> values) => Percentile(values, 0.5);

    public static double Percentile(IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
    }

    /// <summary>Median and range of several rounds, for example "1.20 (1.10–1.43)".</summary>
    public static string Describe(IReadOnlyCollection<double> rounds, string format) =>
        $"{Median(rounds).ToString(format)} ({rounds.Min().ToString(format)}–{rounds.Max().ToString(format)})";
}
