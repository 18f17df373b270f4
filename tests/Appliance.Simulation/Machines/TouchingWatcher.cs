using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;

namespace Appliance.Simulation.Machines;

/// <summary>Notes that somebody changes the machines behind the appliance's back.</summary>
internal sealed class TouchingWatcher(Home home, IWatcher watcher) : IWatcher
{
    public void Sent(HostId host, ShellCommand command) => watcher.Sent(host, command);

    public void Arrived(HostId host, ShellCommand command)
    {
        if (command.Fence is not null)
        {
            home.Touch();
        }

        watcher.Arrived(host, command);
    }

    public void Answered(HostId host, ShellCommand command, ShellOutcome outcome) => watcher.Answered(host, command, outcome);
}
