using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;

namespace Appliance.Simulation.Machines;

/// <summary>Nobody watches.</summary>
internal sealed class Nobody : IWatcher
{
    public void Sent(HostId host, ShellCommand command)
    {
    }

    public void Arrived(HostId host, ShellCommand command)
    {
    }

    public void Answered(HostId host, ShellCommand command, ShellOutcome outcome)
    {
    }
}
