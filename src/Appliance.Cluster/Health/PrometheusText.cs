using System.Globalization;

namespace Appliance.Cluster.Health;

/// <summary>Reads counters out of Prometheus text. Pure; any input is accepted, what is not understood is skipped.</summary>
internal static class PrometheusText
{
    /// <summary>
    /// The counters of a vLLM server by the first of their names that exists (vLLM renames metrics between versions; without <c>_total</c> they come through
    /// OpenMetrics collectors). Null when it does not count tokens: then nothing is known, which is not the same as zero.
    /// </summary>
    public static ServerCounters? TryReadCounters(string text) =>
        FindSum(text, "vllm:generation_tokens_total", "vllm:generation_tokens") is { } generated
            ? new ServerCounters(
                ToCount(FindSum(text, "vllm:num_requests_running")),
                ToCount(FindSum(text, "vllm:num_requests_waiting", "vllm:num_requests_waiting_by_reason")),
                generated,
                FindSum(text, "vllm:prompt_tokens_total", "vllm:prompt_tokens") ?? 0,
                FindSum(text, "vllm:time_to_first_token_seconds_sum") ?? 0,
                FindSum(text, "vllm:time_to_first_token_seconds_count") ?? 0)
            : null;

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

    private static int ToCount(double? value) => (int)Math.Clamp(value ?? 0, 0, int.MaxValue);

    private static bool TryReadValue(ReadOnlySpan<char> line, string name, out double value)
    {
        value = 0;
        line = line.Trim();
        if (!line.StartsWith(name, StringComparison.Ordinal))
        {
            return false;
        }

        // name{labels} value [timestamp] [# exemplar]
        var rest = line[name.Length..];
        if (rest.StartsWith("{"))
        {
            rest = rest[EndOfLabels(rest)..];
        }
        else if (!rest.StartsWith(" ") && !rest.StartsWith("\t"))
        {
            return false;
        }

        rest = rest.Trim();
        var end = rest.IndexOfAny(' ', '\t');
        return double.TryParse(end < 0 ? rest : rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && value >= 0;
    }

    /// <summary>The place after the closing brace; a brace inside a quoted value does not close. The end of the line when it is cut off.</summary>
    private static int EndOfLabels(ReadOnlySpan<char> labels)
    {
        var isQuoted = false;
        for (var i = 0; i < labels.Length; i++)
        {
            switch (labels[i])
            {
                case '\\' when isQuoted:
                    i++;
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case '}' when !isQuoted:
                    return i + 1;
            }
        }

        return labels.Length;
    }
}
