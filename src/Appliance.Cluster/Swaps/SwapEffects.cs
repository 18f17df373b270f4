using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Carries out what the machine wants, on the hosts. Every method ends with an input for the machine; only cancellation throws. What cannot be known is
/// looked at again, never assumed.
/// </summary>
internal sealed partial class SwapEffects(
    IHostShell shell,
    EngineSet engines,
    ITopology topology,
    ClusterView view,
    GatewayTraffic traffic,
    SwapPreflight preflight,
    ServerLaunch launcher,
    ServerStart start,
    MemoryReturn memory,
    ServerLogs logs,
    ISettings settings,
    TimeProvider time,
    ILogger<SwapEffects> logger)
{
    /// <summary>Runs one effect to its end. <paramref name="report"/> takes what is seen on the way.</summary>
    public async Task<SwapInput?> RunAsync(LaneSwap swap, SwapEffect effect, Action<SwapInput> report, CancellationToken cancellationToken)
    {
        var cluster = topology.Current;
        if (cluster.FindLane(swap.Job.Lane) is not { } lane)
        {
            return new SwapInput.StartFailed(new SwapFailure("unknown_lane", "This place for a model is no longer configured.", null, []));
        }

        return effect switch
        {
            SwapEffect.CheckFirst check => await preflight.CheckAsync(lane, cluster, check.Target, HostsToClear(lane, cluster, swap), OtherHosts(lane, cluster, swap), cancellationToken),
            SwapEffect.Drain => await DrainAsync(lane, cancellationToken),
            SwapEffect.KeepLog => await KeepLogAsync(lane, swap.Job, cancellationToken),
            SwapEffect.StopServers stop => await StopAsync(lane, cluster, swap, stop.IsRepeat, report, cancellationToken),
            SwapEffect.AwaitMemory wait => await memory.AwaitAsync(cluster, Plan(lane, cluster, wait.Target).Hosts, wait.Target, wait.IsLastResort, cancellationToken),
            SwapEffect.Launch launch => await launcher.LaunchAsync(lane, cluster, swap, launch.Target, cancellationToken),
            SwapEffect.FindLaunched find => await launcher.FindAsync(lane, cluster, swap, find.Target, cancellationToken),
            SwapEffect.AwaitServer server => await start.AwaitAsync(lane, Plan(lane, cluster, server.Target), server.Target, report, cancellationToken),
            _ => null,
        };
    }

    private LaunchPlan Plan(LaneDefinition lane, ClusterDefinition cluster, SwapTarget target) =>
        engines.For(lane).Plan(lane, cluster, target.Recipe, launcher: null);

    /// <summary>
    /// Waits until every answer that goes through the gateway is finished, and at the limit cuts what is not. The gateway sends nothing new to a lane that
    /// drains.
    /// </summary>
    private async Task<SwapInput> DrainAsync(LaneDefinition lane, CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromSeconds(settings.Get(SwapSettings.DrainSeconds));
        if (await IsIdleWithinAsync(lane, limit, cancellationToken))
        {
            return new SwapInput.Drained();
        }

        var cut = traffic.Cut(lane.Id.Value);
        await IsIdleWithinAsync(lane, SwapTimes.CutGrace, cancellationToken);
        return new SwapInput.Drained(cut);
    }

    private async Task<bool> IsIdleWithinAsync(LaneDefinition lane, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var idle = traffic.WaitForIdleAsync(lane.Id.Value, either.Token);
        await idle.Settled();
        cancellationToken.ThrowIfCancellationRequested();
        return idle.IsCompletedSuccessfully;
    }

    /// <summary>Best effort: a log that cannot be had in time, or not be stored, stops no swap.</summary>
    private async Task<SwapInput> KeepLogAsync(LaneDefinition lane, SwapJob job, CancellationToken cancellationToken)
    {
        var tail = engines.For(lane).TailLog(lane, SwapTimes.KeptLogLines) with { Deadline = SwapTimes.KeepLogDeadline };
        try
        {
            if (await shell.RunAsync(lane.Head, tail, cancellationToken) is ShellOutcome.Completed { ExitCode: 0 } completed && SafeLine.LastOf(completed) is { IsEmpty: false } lines)
            {
                await logs.KeepAsync(lane.Id, job.From, job.FromName, job.Id, lines, cancellationToken);
            }
        }
        catch (StoreException problem)
        {
            LogLogNotKept(problem, job.Id.Value);
        }

        return new SwapInput.LogKept();
    }

    private async Task<SwapInput> StopAsync(
        LaneDefinition lane, ClusterDefinition cluster, LaneSwap swap, bool isRepeat, Action<SwapInput> report, CancellationToken cancellationToken)
    {
        var needed = HostsToClear(lane, cluster, swap);
        ImmutableArray<HostDefinition> hosts = [.. needed, .. OtherHosts(lane, cluster, swap)];
        var stop = engines.For(lane).Stop(lane) with { Fence = ServerLaunch.FenceOf(lane, swap) };
        var answers = await Task.WhenAll(hosts.Select(host => shell.RunAsync(host.Id, stop, cancellationToken)));
        foreach (var (host, answer) in hosts.Zip(answers))
        {
            switch (answer)
            {
                case ShellOutcome.Refused:
                    return new SwapInput.Superseded(SwapFailures.TakenOver(host.Name));
                case ShellOutcome.NotStarted { Fault: { Kind: HostFaultKind.NotPrepared } fault } when needed.Contains(host):
                    return new SwapInput.NotGone(SwapFailures.Of(fault));
            }
        }

        report(new SwapInput.StopSent());
        hosts = [.. hosts.Where((host, place) => needed.Contains(host) || answers[place] is ShellOutcome.Completed)];

        // Docker refuses to stop what is not there. Whatever else it says, something may have been.
        var wasThere = isRepeat || answers.Any(answer => answer is not ShellOutcome.Completed { ExitCode: not 0 });
        var begin = time.GetTimestamp();
        while (true)
        {
            var looks = await Task.WhenAll(hosts.Select(async host => (Host: host, Look: await LookAsync(lane, host.Id, cancellationToken))));
            var left = looks.Where(look => look.Look.Presence != ServerPresence.Gone && (look.Look.Fault is null || needed.Contains(look.Host))).ToArray();
            if (left.Length == 0)
            {
                return new SwapInput.SeenGone(wasThere);
            }

            if (time.GetElapsedTime(begin) > SwapTimes.GoneDeadline)
            {
                var (host, (_, fault)) = left[0];
                return new SwapInput.NotGone(fault is null
                    ? new SwapFailure("still_running", $"The old model on {host.Name} did not stop.", $"Look at the container {lane.Container} on {host.Name}; restarting the machine clears it.", [])
                    : new SwapFailure("host_unreachable", $"It is not known whether the old model stopped: {fault.Message}", fault.Advice, []));
            }

            await Task.Delay(SwapTimes.LookInterval, time, cancellationToken);
        }
    }

    private async Task<(ServerPresence Presence, HostFault? Fault)> LookAsync(LaneDefinition lane, HostId host, CancellationToken cancellationToken)
    {
        var engine = engines.For(lane);
        var answer = await shell.RunAsync(host, engine.Look(lane), cancellationToken);
        return (engine.ReadPresence(lane, answer), answer.Problem);
    }

    /// <summary>
    /// The hosts on which nothing of this lane may be left: those of the model that starts and of the one that may run. A host that neither uses may be
    /// switched off.
    /// </summary>
    private ImmutableArray<HostDefinition> HostsToClear(LaneDefinition lane, ClusterDefinition cluster, LaneSwap swap)
    {
        var targets = new[] { swap.Wanted, swap.Previous }.OfType<SwapTarget>().ToArray();
        var knowsWhatRuns = swap.Job.From is null ? targets.Length > 0 : targets.Any(target => target.Id == swap.Job.From);
        var ids = knowsWhatRuns ? targets.SelectMany(target => Plan(lane, cluster, target).Hosts).Append(lane.Head).Distinct() : lane.Hosts;
        return [.. ids.Select(cluster.FindHost).OfType<HostDefinition>()];
    }

    /// <summary>
    /// The lane's other hosts, as far as they answer: a worker may be left there of a model that somebody else started, or whose head was restarted. Nothing
    /// depends on them.
    /// </summary>
    private ImmutableArray<HostDefinition> OtherHosts(LaneDefinition lane, ClusterDefinition cluster, LaneSwap swap)
    {
        var away = view.Current.Hosts.Where(host => host.Fault is not null).Select(host => host.Definition.Id).ToHashSet();
        return [.. lane.Hosts.Where(id => !away.Contains(id)).Select(cluster.FindHost).OfType<HostDefinition>().Except(HostsToClear(lane, cluster, swap))];
    }

    [LoggerMessage(LogLevel.Warning, "Swap {Job}: the log of the server that is stopped could not be kept")]
    private partial void LogLogNotKept(Exception exception, string job);
}
