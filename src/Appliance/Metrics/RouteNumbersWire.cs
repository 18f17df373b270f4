namespace Appliance.Metrics;

internal sealed record RouteNumbersWire(string Route, NumbersWire Numbers);
