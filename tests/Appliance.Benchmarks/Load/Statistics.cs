namespace Appliance.Benchmarks.Load;

internal static class Statistics
{
    public static double Median(IReadOnlyCollection<double> values) => Percentile(values, 0.5);

    public static double Percentile(IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
    }

    /// <summary>Median of several rounds with the middle half of them, for example "1.20 (1.10–1.43)": other work on the machine spoils single rounds.</summary>
    public static string Describe(IReadOnlyCollection<double> rounds, string format) =>
        $"{Median(rounds).ToString(format)} ({Percentile(rounds, 0.25).ToString(format)}–{Percentile(rounds, 0.75).ToString(format)})";
}
