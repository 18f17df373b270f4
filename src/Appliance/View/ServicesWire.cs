namespace Appliance.View;

internal sealed record ServicesWire(IReadOnlyList<ServiceWire> Services);
