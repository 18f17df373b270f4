namespace Appliance.View;

internal sealed record HostsWire(IReadOnlyList<HostWire> Hosts);
