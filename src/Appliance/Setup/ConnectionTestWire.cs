namespace Appliance.Setup;

internal sealed record ConnectionTestWire(bool Ok, IReadOnlyList<ConnectionStepWire> Steps);
