namespace Appliance.Keys;

internal sealed record KeyAskWire(string? Name, string? Scope);
