using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Shell;

/// <summary>
/// Runs commands on a host. The only seam through which the control plane touches a machine: OpenSSH in production
/// (<c>Appliance.Hosts/Ssh</c>), simulated machines in <c>Appliance.Demo</c>. Implementations are thread-safe and never throw for what a host does;
/// only cancellation throws, and a cancelled command's outcome is unknown: it may still be running over there.
/// </summary>
public interface IHostShell
{
    /// <summary>Runs a command to its end.</summary>
    Task<ShellOutcome> RunAsync(HostId host, ShellCommand command, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a command and hands over each line of its output (both streams, without the line break, at most 8 KiB) as it arrives.
    /// <paramref name="onLine"/> is called from one thread at a time and must not block. The outcome carries no output. The lines of a fenced command, or of
    /// one with a run id, arrive when it has ended.
    /// </summary>
    Task<ShellOutcome> FollowAsync(HostId host, ShellCommand command, Action<string> onLine, CancellationToken cancellationToken);

    /// <summary>Looks what became of a command with a run id, without starting anything.</summary>
    Task<RunLook> LookAtRunAsync(HostId host, RunId run, CancellationToken cancellationToken);

    /// <summary>The highest epoch that a host has seen in a scope; changes nothing.</summary>
    Task<EpochLook> ReadEpochAsync(HostId host, string scope, CancellationToken cancellationToken);
}
