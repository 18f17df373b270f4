using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Swaps;

/// <summary>What is asked of the hosts before a job touches any of them: can it be done, and under which epoch.</summary>
internal sealed class SwapPreflight(IHostShell shell, EngineSet engines, LauncherCheck launchers)
{
    /// <summary>
    /// Passes with the highest epoch that the hosts have seen and the image that would be started, or fails with a sentence. <paramref name="target"/> is what
    /// is to start, null for a stop; <paramref name="touched"/> are the hosts that the job will change, <paramref name="perhaps"/> those that it will change if
    /// they answer.
    /// </summary>
    public async Task<SwapInput> CheckAsync(
        LaneDefinition lane,
        ClusterDefinition cluster,
        SwapTarget? target,
        ImmutableArray<HostDefinition> touched,
        ImmutableArray<HostDefinition> perhaps,
        CancellationToken cancellationToken)
    {
        // All at once: a person has clicked and waits, and none of it touches anything.
        var image = target is null ? Task.FromResult<string?>(null) : FindImageAsync(lane, target, cancellationToken);
        var hosts = touched.AddRange(perhaps);
        var epochs = Task.WhenAll(hosts.Select(host => shell.ReadEpochAsync(host.Id, lane.Container, cancellationToken)));
        var trouble = target is null ? Task.FromResult<SwapFailure?>(null) : FindTroubleAsync(lane, cluster, target, cancellationToken);
        await Task.WhenAll(image, epochs, trouble);
        if (await trouble is { } failure)
        {
            return new SwapInput.PreflightFailed(failure);
        }

        var newest = 0L;
        foreach (var (host, look) in hosts.Zip(await epochs))
        {
            switch (look)
            {
                case EpochLook.Seen seen:
                    newest = Math.Max(newest, seen.Epoch);
                    break;
                case EpochLook.NotKnown { Fault: var fault } when touched.Contains(host):
                    return new SwapInput.PreflightFailed(SwapFailures.Of(fault));
            }
        }

        return new SwapInput.PreflightPassed(newest, await image);
    }

    /// <summary>Only for the estimate: a host that does not tell stops nothing.</summary>
    private async Task<string?> FindImageAsync(LaneDefinition lane, SwapTarget target, CancellationToken cancellationToken)
    {
        var engine = engines.For(lane);
        return engine.ReadImage(await shell.RunAsync(lane.Head, engine.FindImage(lane, target.Recipe), cancellationToken));
    }

    private async Task<SwapFailure?> FindTroubleAsync(LaneDefinition lane, ClusterDefinition cluster, SwapTarget target, CancellationToken cancellationToken)
    {
        var engine = engines.For(lane);
        var hosts = engine.Plan(lane, cluster, target.Recipe, launcher: null).Hosts;
        foreach (var host in hosts.Select(cluster.FindHost).OfType<HostDefinition>())
        {
            var (look, fault) = await launchers.LookAsync(lane, host, isCluster: hosts.Length > 1, cancellationToken);
            if (look is null)
            {
                return SwapFailures.Of(fault!);
            }

            if (look.DockerTrouble is { } docker)
            {
                return SwapFailures.Of(docker);
            }

            if (host.Id != lane.Head)
            {
                continue;
            }

            if (look.Capabilities is not { } launcher)
            {
                return SwapFailures.Of(look.LauncherTrouble!);
            }

            var plan = engine.Plan(lane, cluster, target.Recipe, launcher);
            if (SwapFailures.OfWords(plan, launcher, host, target) is { } words)
            {
                return words;
            }

            // What could not be checked is not held against it: the launch itself will show.
            if (plan.Check is { } check && await shell.RunAsync(host.Id, check, cancellationToken) is ShellOutcome.Completed completed
                && engine.ReadLaunch(completed, plan.IsCluster) is { } complaint)
            {
                return SwapFailures.Of(complaint);
            }
        }

        return null;
    }
}
