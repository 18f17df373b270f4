using Appliance.Cluster.Engines;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Waits for one server to come up. Three things are watched at once: its log (progress, and the cause if it dies), its process, and its HTTP port.
/// Only identity and a generated token mean success; the log's "startup complete" is a hint.
/// </summary>
internal sealed class ServerStart(IHostShell shell, EngineSet engines, ITopology topology, IModelProbe probe, PostMortem postMortem, TaskScheduler scheduler, TimeProvider time)
{
    /// <summary>Ends with <see cref="SwapInput.Generated"/> or <see cref="SwapInput.StartFailed"/>; reports lines, progress and identity on the way.</summary>
    public async Task<SwapInput> AwaitAsync(LaneDefinition lane, LaunchPlan plan, SwapTarget target, Action<SwapInput> report, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var log = new StartLog(engines.For(lane).ReadStartup(), report, time);
        var follower = FollowLogAsync(lane, plan.Host, log, stop.Token);
        var process = WatchProcessAsync(lane, plan.Host, log, target, stop.Token);
        var answer = AwaitAnswerAsync(lane, plan, target, report, stop.Token);

        var first = await Task.WhenAny(answer, process);
        var result = await first;
        if (result is SwapInput.StartFailed failed)
        {
            result = new SwapInput.StartFailed(await ExplainAsync(lane, log, failed.Failure, cancellationToken));
        }

        await scheduler.CancelAsync(stop);
        await Task.WhenAll(Quietly(follower), Quietly(process), Quietly(answer));
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>Follows the log over lost connections; ends by cancellation only, because the other two decide.</summary>
    private async Task FollowLogAsync(LaneDefinition lane, HostId host, StartLog log, CancellationToken cancellationToken)
    {
        while (true)
        {
            // After a lost connection the last lines come again; the reader's progress never goes back, and repeated lines are dropped by the log.
            var command = engines.For(lane).FollowLog(lane, SwapTimes.KeptLogLines) with { Deadline = SwapTimes.StartDeadline };
            await shell.FollowAsync(host, command, log.Take, cancellationToken);
            log.Reconnect();
            await Task.Delay(SwapTimes.PresenceInterval, time, cancellationToken);
        }
    }

    private async Task<SwapInput> WatchProcessAsync(LaneDefinition lane, HostId host, StartLog log, SwapTarget target, CancellationToken cancellationToken)
    {
        var engine = engines.For(lane);
        var begin = time.GetTimestamp();
        var hasRun = false;
        var missing = 0;
        while (true)
        {
            await Task.Delay(SwapTimes.PresenceInterval, time, cancellationToken);
            var presence = engine.ReadPresence(lane, await shell.RunAsync(host, engine.Look(lane), cancellationToken));
            hasRun |= presence == ServerPresence.Running;
            missing = presence is ServerPresence.Gone or ServerPresence.ContainerOnly ? missing + 1 : 0;

            // One look may fall between the container and its process, so a crash needs two, and a grace as long as it never ran.
            var elapsed = time.GetElapsedTime(begin);
            if (missing >= 2 && (hasRun || elapsed > SwapTimes.ProcessGrace))
            {
                return Failed("crashed", $"{target.Name} stopped by itself while it was starting.", "The last lines of its log are kept below.");
            }

            if (time.GetElapsedTime(log.LastSignOfLife) > SwapTimes.SilenceDeadline)
            {
                return Failed("no_progress", $"{target.Name} wrote nothing for {SwapTimes.SilenceDeadline.TotalMinutes:0} minutes while it was starting.", null);
            }

            if (elapsed > SwapTimes.StartDeadline)
            {
                return Failed("too_slow", $"{target.Name} was not ready after {SwapTimes.StartDeadline.TotalMinutes:0} minutes.", null);
            }
        }
    }

    private async Task<SwapInput> AwaitAnswerAsync(LaneDefinition lane, LaunchPlan plan, SwapTarget target, Action<SwapInput> report, CancellationToken cancellationToken)
    {
        if (topology.Current.FindEndpoint(lane) is not { } server)
        {
            return Failed("unknown_host", "The machine of this model is no longer configured.", null);
        }

        // 1. Identity: somebody else's server on the port must not pass for ours (F-15).
        while (await probe.IdentifyAsync(server, cancellationToken) is var identity && !ServerIdentity.Matches(identity, plan.ServedName, target.Recipe.Repo))
        {
            if (identity is IdentityAnswer.Named other)
            {
                return Failed("wrong_server", $"Port {lane.Port} is answered by {other.ServedName}, not by {target.Name}.", "Stop the other server, or give this lane another port.");
            }

            await Task.Delay(SwapTimes.IdentifyInterval, time, cancellationToken);
        }

        // 2. A generated token: the server names its model before its engine is known to work (F-11).
        report(new SwapInput.Named());
        var begin = time.GetTimestamp();
        while (true)
        {
            var answer = await probe.GenerateAsync(server, plan.ServedName, cancellationToken);
            if (answer is GenerationAnswer.Token)
            {
                return new SwapInput.Generated(time.GetTimestamp());
            }

            if (time.GetElapsedTime(begin) > SwapTimes.FirstTokenDeadline)
            {
                return Failed("no_token", $"{target.Name} started but never answered: {((GenerationAnswer.Nothing)answer).Reason}", null);
            }

            await Task.Delay(SwapTimes.ProbePause, time, cancellationToken);
        }
    }

    /// <summary>Puts the cause from the server's log in the place of "it stopped", and keeps the log: <c>--rm</c> containers lose it when they stop.</summary>
    private async Task<SwapFailure> ExplainAsync(LaneDefinition lane, StartLog log, SwapFailure failure, CancellationToken cancellationToken)
    {
        var (lines, cause) = await postMortem.ReadAsync(lane, log.Kept, cancellationToken);
        return cause is null ? failure with { LogTail = lines } : new SwapFailure(cause.Code, cause.Message, cause.Advice, lines);
    }

    private static SwapInput.StartFailed Failed(string code, string message, string? advice) => new(new SwapFailure(code, message, advice, []));

    private static async Task Quietly(Task task)
    {
        // Its result no longer matters, and an I/O fault in it was already told by the one that decided.
        await task.Settled();
    }
}
