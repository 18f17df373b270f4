using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Appliance.Cluster.Metrics;

/// <summary>Names of instruments and tags as Prometheus spells them: underscores, the base unit, <c>_total</c> for what only grows. Pure.</summary>
internal static class MetricNames
{
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = Clean(instrument.Name);
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "Cel" => "_celsius",
            "W" => "_watts",
            "1" => "_ratio",
            // A count of things, in braces: the name already says of what.
            _ => string.Empty,
        };
        return $"{name}{(name.EndsWith(unit, StringComparison.Ordinal) ? string.Empty : unit)}{(kind == MetricKind.Counter ? "_total" : string.Empty)}";
    }

    public static ImmutableArray<KeyValuePair<string, string>> Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(tags.Length);
        foreach (var (name, value) in tags)
        {
            labels.Add(new(Clean(name), Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty));
        }

        return labels.MoveToImmutable();
    }

    private static string Clean(string name) => string.Create(name.Length, name, static (span, name) =>
    {
        for (var i = 0; i < name.Length; i++)
        {
            span[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
        }
    });
}
