using Appliance.Demo.Machines;

namespace Appliance.Demo.Launching;

/// <summary>One machine's part of a model server.</summary>
internal sealed record ServerPart(SimulatedHost Host, SimulatedContainer Container);
