namespace Appliance.Health;

/// <summary>Whether the appliance can do its work. Each reason is a sentence for its owner.</summary>
internal sealed record ReadinessWire(bool Ready, IReadOnlyList<string> Reasons);
