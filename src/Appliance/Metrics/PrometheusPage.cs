using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Appliance.Cluster.Metrics;

namespace Appliance.Metrics;

/// <summary>Numbers in the text format that Prometheus reads (version 0.0.4). Pure.</summary>
internal static class PrometheusPage
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static byte[] Write(ImmutableArray<MetricFamily> families)
    {
        var page = new StringBuilder();
        foreach (var family in families)
        {
            page.Append("# HELP ").Append(family.Name).Append(' ').Append(Escape(family.Help)).Append('\n');
            page.Append("# TYPE ").Append(family.Name).Append(' ').Append(Word(family.Kind)).Append('\n');
            foreach (var series in family.Series)
            {
                Write(page, family.Name, series);
            }
        }

        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static void Write(StringBuilder page, string name, MetricSeries series)
    {
        if (series.Buckets is not { } buckets)
        {
            WriteLine(page, name, series.Labels, null, series.Value);
            return;
        }

        var below = 0L;
        for (var bucket = 0; bucket < buckets.Counts.Length; bucket++)
        {
            below += buckets.Counts[bucket];
            var bound = bucket == buckets.Bounds.Length ? "+Inf" : Number(buckets.Bounds[bucket]);
            WriteLine(page, $"{name}_bucket", series.Labels, bound, below);
        }

        WriteLine(page, $"{name}_sum", series.Labels, null, series.Value);
        WriteLine(page, $"{name}_count", series.Labels, null, below);
    }

    private static void WriteLine(StringBuilder page, string name, ImmutableArray<KeyValuePair<string, string>> labels, string? bound, double value)
    {
        var all = bound is null ? labels : labels.Add(new("le", bound));
        page.Append(name);
        if (!all.IsEmpty)
        {
            page.Append('{').AppendJoin(',', all.Select(label => $"{label.Key}=\"{Escape(label.Value).Replace("\"", "\\\"", StringComparison.Ordinal)}\"")).Append('}');
        }

        page.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Escape(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Word(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        MetricKind.Histogram => "histogram",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
