namespace Appliance.Metrics;

internal sealed record ModelNumbersWire(string Model, NumbersWire Numbers, IReadOnlyList<RouteNumbersWire> Routes);
