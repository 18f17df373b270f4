using Appliance.Cluster.Engines;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Gives the launch command, and finds out what became of it when the answer was lost. The host begins it at most once per job and attempt, whoever asks how
/// often: so it may be given again where the host has never seen it.
/// </summary>
internal sealed class ServerLaunch(IHostShell shell, EngineSet engines, LauncherCheck launchers, TimeProvider time)
{
    /// <summary>Launches what the job starts now; ends with <see cref="SwapInput.Launched"/>, a failure, or <see cref="SwapInput.Superseded"/>.</summary>
    public async Task<SwapInput> LaunchAsync(LaneDefinition lane, ClusterDefinition cluster, LaneSwap swap, SwapTarget target, CancellationToken cancellationToken) =>
        await BeginAsync(lane, cluster, swap, target, cancellationToken) ?? await FindAsync(lane, cluster, swap, target, cancellationToken);

    /// <summary>The outcome of a launch is unknown: the host is asked for it, then for a server, until it shows one or none for long enough.</summary>
    public async Task<SwapInput> FindAsync(LaneDefinition lane, ClusterDefinition cluster, LaneSwap swap, SwapTarget target, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        var host = cluster.FindHost(lane.Head)!;
        while (true)
        {
            var look = await shell.LookAtRunAsync(host.Id, RunOf(swap), cancellationToken);
            if (look is RunLook.Ended ended)
            {
                return Judge(lane, cluster, target, ended.Outcome);
            }

            // While the launcher is at work a container alone says nothing yet; the server in it is the launcher's last act.
            var presence = await LookAsync(lane, host.Id, cancellationToken);
            if (presence == ServerPresence.Running || (presence == ServerPresence.ContainerOnly && look is not RunLook.Running))
            {
                return new SwapInput.Launched();
            }

            if (look is RunLook.Never && presence == ServerPresence.Gone && await BeginAsync(lane, cluster, swap, target, cancellationToken) is { } result)
            {
                return result;
            }

            if (time.GetElapsedTime(begin) > (look is RunLook.Running ? SwapTimes.LaunchDeadline : SwapTimes.GoneDeadline))
            {
                return Failed("launch_lost", $"The connection broke while {target.Name} was being started, and no server was seen afterwards.");
            }

            await Task.Delay(SwapTimes.PresenceInterval, time, cancellationToken);
        }
    }

    /// <summary>Gives the command; null when it is not known what became of it.</summary>
    private async Task<SwapInput?> BeginAsync(LaneDefinition lane, ClusterDefinition cluster, LaneSwap swap, SwapTarget target, CancellationToken cancellationToken)
    {
        // The launcher's generation decides some words, so it is asked at the moment of the launch and not remembered.
        var engine = engines.For(lane);
        var head = cluster.FindHost(lane.Head)!;
        var isCluster = engine.Plan(lane, cluster, target.Recipe, launcher: null).Hosts.Length > 1;
        var (look, fault) = await launchers.LookAsync(lane, head, isCluster, cancellationToken);
        if ((look?.DockerTrouble ?? look?.LauncherTrouble) is { } trouble)
        {
            return new SwapInput.StartFailed(SwapFailures.Of(trouble));
        }

        if (look?.Capabilities is not { } launcher)
        {
            return new SwapInput.StartFailed(SwapFailures.Of(fault!));
        }

        var plan = engine.Plan(lane, cluster, target.Recipe, launcher);
        if (SwapFailures.OfWords(plan, launcher, head, target) is { } words)
        {
            return new SwapInput.StartFailed(words);
        }

        var command = plan.Command with { Deadline = SwapTimes.LaunchPatience, Fence = FenceOf(lane, swap), RunId = RunOf(swap) };
        return await shell.RunAsync(plan.Host, command, cancellationToken) switch
        {
            ShellOutcome.Completed completed => Judge(lane, cluster, target, completed),
            ShellOutcome.NotStarted notStarted => new SwapInput.StartFailed(SwapFailures.Of(notStarted.Fault)),
            ShellOutcome.Refused => new SwapInput.Superseded(SwapFailures.TakenOver(head.Name)),
            _ => null,
        };
    }

    /// <summary>What the host checks before it lets a command of this job change something.</summary>
    public static Fence FenceOf(LaneDefinition lane, LaneSwap swap) => new(lane.Container, swap.Job.Epoch, swap.Job.Id.Value);

    /// <summary>The name of the launch: one for the wanted model and one for bringing the previous one back.</summary>
    public static RunId RunOf(LaneSwap swap) => RunId.Parse($"{swap.Job.Id}-{(swap.IsRollingBack ? "back" : "wanted")}");

    private SwapInput Judge(LaneDefinition lane, ClusterDefinition cluster, SwapTarget target, ShellOutcome.Completed completed)
    {
        var engine = engines.For(lane);
        return engine.ReadLaunch(completed, engine.Plan(lane, cluster, target.Recipe, launcher: null).IsCluster) switch
        {
            { } diagnosis => new SwapInput.StartFailed(new SwapFailure(diagnosis.Code, diagnosis.Message, diagnosis.Advice, SafeLine.LastOf(completed))),
            null when completed.ExitCode == 0 => new SwapInput.Launched(),
            null => new SwapInput.StartFailed(new SwapFailure(
                "launch_failed",
                $"The launcher on {cluster.FindHost(lane.Head)!.Name} ended with code {completed.ExitCode}.",
                "Its last lines are in the log.",
                SafeLine.LastOf(completed))),
        };
    }

    private async Task<ServerPresence> LookAsync(LaneDefinition lane, HostId host, CancellationToken cancellationToken)
    {
        var engine = engines.For(lane);
        return engine.ReadPresence(lane, await shell.RunAsync(host, engine.Look(lane), cancellationToken));
    }

    private static SwapInput.StartFailed Failed(string code, string message) => new(new SwapFailure(code, message, null, []));
}
