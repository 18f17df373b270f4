namespace Appliance.Health;

/// <summary>Whether the appliance can do its work. Each reason is a sentence for its owner; a warning hinders nothing and waits for its owner all the same.</summary>
internal sealed record ReadinessWire(bool Ready, IReadOnlyList<string> Reasons, IReadOnlyList<string> Warnings);
