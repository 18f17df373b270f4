using System.Runtime.CompilerServices;
using Appliance.Cluster.Connectivity;
using Appliance.Cluster.Discovery;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Health;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Setup;

/// <summary>Walks the way to a machine step by step, with the commands that are used anyway, and says where it ends. Thread-safe.</summary>
internal sealed class ConnectionTest(IHostTrust trust, IHostShell shell, ITopology topology, EngineSet engines, ModelDiscovery discovery, HostCalls calls)
{
    public async Task<ConnectionTestWire> RunAsync(HostDefinition host, CancellationToken cancellationToken)
    {
        await trust.RetryAsync(host.Id, cancellationToken);
        var steps = new List<ConnectionStepWire>();
        await foreach (var step in WalkAsync(host, cancellationToken))
        {
            steps.Add(step);
            if (!step.Ok)
            {
                break;
            }
        }

        calls.LookNow(host.Id);
        var ok = steps.TrueForAll(step => step.Ok);
        steps.AddRange(Enum.GetValues<ConnectionStep>().Skip(steps.Count).Select(step => new ConnectionStepWire(step, false, "Not tried, because an earlier step did not work.")));
        return new ConnectionTestWire(ok, steps);
    }

    private async IAsyncEnumerable<ConnectionStepWire> WalkAsync(
        HostDefinition host, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lane = topology.Current.Lanes.FirstOrDefault(lane => lane.Head == host.Id) ?? topology.Current.Lanes.FirstOrDefault(lane => lane.Hosts.Contains(host.Id));
        var command = lane is null ? ShellCommand.Of("true") : engines.For(lane).InspectLauncher(host);
        var answer = await shell.RunAsync(host.Id, command, cancellationToken);
        var fault = answer.Problem;
        yield return fault is { } early && IsBeforeLogin(early.Kind)
            ? Failed(ConnectionStep.HostKey, early)
            : new ConnectionStepWire(ConnectionStep.HostKey, true, $"{host.Name} answers and shows the confirmed host key.");
        yield return fault is null
            ? new ConnectionStepWire(ConnectionStep.Login, true, $"The login as {host.User} works.")
            : Failed(ConnectionStep.Login, fault);
        if (lane is null)
        {
            yield return new ConnectionStepWire(ConnectionStep.Docker, true, $"No lane runs on {host.Name}, so Docker is not needed there.");
            yield return new ConnectionStepWire(ConnectionStep.Launcher, true, $"No lane runs on {host.Name}, so the launcher is not needed there.");
        }
        else
        {
            var look = engines.For(lane).ReadLauncher(lane, host, answer);
            yield return look.DockerTrouble is { } trouble ? Failed(ConnectionStep.Docker, trouble) : new ConnectionStepWire(ConnectionStep.Docker, true, $"{host.User} may use Docker.");
            yield return lane.Head != host.Id
                ? new ConnectionStepWire(ConnectionStep.Launcher, true, "The launcher is not needed here: another machine starts the models.")
                : look.LauncherTrouble is { } missing ? Failed(ConnectionStep.Launcher, missing) : new ConnectionStepWire(ConnectionStep.Launcher, true, $"The launcher is in {host.LaunchDirectory}.");
        }

        var disk = (await discovery.RefreshAsync(cancellationToken)).FindHost(host.Id);
        yield return disk switch
        {
            { Fault: { } unlisted } => Failed(ConnectionStep.Models, unlisted),
            _ => new ConnectionStepWire(ConnectionStep.Models, true, $"Models on its disk: {disk?.Models.Length ?? 0}."),
        };
    }

    // Everything that ends before our key is offered.
    private static bool IsBeforeLogin(HostFaultKind kind) =>
        kind is HostFaultKind.HostKeyUnknown or HostFaultKind.HostKeyChanged or HostFaultKind.Unreachable or HostFaultKind.Thrashing;

    private static ConnectionStepWire Failed(ConnectionStep step, HostFault fault) => new(step, false, fault.Message, fault.Advice);

    private static ConnectionStepWire Failed(ConnectionStep step, Diagnosis trouble) => new(step, false, trouble.Message, trouble.Advice);
}
