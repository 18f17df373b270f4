namespace Appliance.Health;

/// <summary>Whether the process lives. <c>reasons</c> names the loops that ended by a mistake.</summary>
internal sealed record HealthWire(string Status, IReadOnlyList<string> Reasons);
