using System.Collections.Immutable;
using Appliance.Cluster.Metrics;

namespace Appliance.Metrics;

/// <summary>All numbers: what the gateway's requests add up to, per model and route, and every family as <c>/metrics</c> has it.</summary>
internal sealed record MetricsWire(
    DateTimeOffset ObservedAt,
    NumbersWire Total,
    IReadOnlyList<ModelNumbersWire> Models,
    IReadOnlyList<FamilyWire> Families)
{
    public static MetricsWire From(ImmutableArray<MetricFamily> families, DateTimeOffset now) => new(
        now,
        NumbersWire.From(GatewayNumbers.Of(families)),
        [
            .. GatewayNumbers.Models(families).Select(model => new ModelNumbersWire(
                model,
                NumbersWire.From(GatewayNumbers.Of(families, model)),
                [.. GatewayNumbers.Routes(families, model).Select(route => new RouteNumbersWire(route, NumbersWire.From(GatewayNumbers.Of(families, model, route))))])),
        ],
        [.. families.Select(FamilyWire.From)]);
}
