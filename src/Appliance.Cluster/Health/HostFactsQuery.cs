using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Health;

/// <summary>Asks a host for its readings: one round trip that only reads.</summary>
internal static class HostFactsQuery
{
    private static readonly RemoteScript Script = RemoteScript.Load(typeof(HostFactsQuery), "host-facts");

    /// <summary>The readings, or why there are none.</summary>
    public static async Task<(HostFacts? Facts, HostFault? Fault)> AskAsync(IHostShell shell, HostDefinition host, CancellationToken cancellationToken)
    {
        var command = ShellCommand.Of(Script, host.CacheDirectory.ToWords()) with { OutputLimit = 1 << 18 };
        var outcome = await shell.RunAsync(host.Id, command, cancellationToken);
        if (outcome.Problem is { } problem)
        {
            return (null, problem);
        }

        var facts = outcome is ShellOutcome.Completed completed ? HostFactsReader.Read(completed.Output) : null;
        return facts is null
            ? (null, new HostFault(
                HostFaultKind.UnexpectedShell, $"{host.Name} answered, but not to what it was asked.", "Look for output of its login scripts, or for a login shell that is not a usual one."))
            : (facts, null);
    }
}
