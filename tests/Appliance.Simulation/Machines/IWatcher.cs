using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;

namespace Appliance.Simulation.Machines;

/// <summary>Who sees every command go by.</summary>
internal interface IWatcher
{
    /// <summary>The appliance sent it.</summary>
    void Sent(HostId host, ShellCommand command);

    /// <summary>It reached the machine, which has not begun it.</summary>
    void Arrived(HostId host, ShellCommand command);

    /// <summary>The appliance heard what became of it.</summary>
    void Answered(HostId host, ShellCommand command, ShellOutcome outcome);
}
