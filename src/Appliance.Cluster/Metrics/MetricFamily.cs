using System.Collections.Immutable;

namespace Appliance.Cluster.Metrics;

/// <summary>All series of one name at one moment.</summary>
/// <param name="Name">As Prometheus spells it, with its unit, for example <c>appliance_gateway_request_duration_seconds</c>; for a counter with <c>_total</c>.</param>
/// <param name="Kind">What the numbers mean.</param>
/// <param name="Help">One line about it.</param>
/// <param name="Series">One for each set of labels, in no order.</param>
public sealed record MetricFamily(string Name, MetricKind Kind, string Help, ImmutableArray<MetricSeries> Series);
