using System.Globalization;

namespace Appliance.Cluster.Health;

/// <summary>Reads counters out of Prometheus text. Pure; any input is accepted, what is not understood is skipped.</summary>
internal static class PrometheusText
{
    /// <summary>The sum of a metric over all its label sets, by the first of the names that exists; null when none does.</summary>
    public static double? FindSum(string text, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            double? sum = null;
            foreach (var range in text.AsSpan().Split('\n'))
            {
                if (TryReadValue(text.AsSpan(range), name, out var value))
                {
                    sum = (sum ?? 0) + value;
                }
            }

            if (sum is not null)
            {
                return sum;
            }
        }

        return null;
    }

    private static bool TryReadValue(ReadOnlySpan<char> line, string name, out double value)
    {
        value = 0;
        if (!line.StartsWith(name, StringComparison.Ordinal))
        {
            return false;
        }

        // name{labels} value [timestamp]
        var rest = line[name.Length..];
        if (rest.StartsWith("{"))
        {
            var close = rest.LastIndexOf('}');
            rest = close < 0 ? [] : rest[(close + 1)..];
        }
        else if (!rest.StartsWith(" "))
        {
            return false;
        }

        rest = rest.Trim();
        var end = rest.IndexOf(' ');
        return double.TryParse(end < 0 ? rest : rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }
}
