using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;

namespace Appliance.Demo.Machines;

/// <summary>A command that was sent to a simulated host.</summary>
/// <param name="At">When.</param>
/// <param name="Host">To which host.</param>
/// <param name="Command">What.</param>
public sealed record RanCommand(DateTimeOffset At, HostId Host, ShellCommand Command);
