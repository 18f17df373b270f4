using Appliance.Cluster.Engines;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Watches a model that has just given its first answer: some servers end seconds after they said to be ready (F-09). Looks at the process, because that it
/// is gone is certain; a slow answer is not.
/// </summary>
internal sealed partial class SettleWatch(
    IHostShell shell, EngineSet engines, ITopology topology, PostMortem postMortem, ServerLogs logs, TimeProvider time, ILogger<SettleWatch> logger)
{
    /// <summary>Why the server ended within the first seconds; null when it did not, or when somebody took its container away.</summary>
    public async Task<SwapFailure?> AwaitAsync(LaneSwap swap, CancellationToken cancellationToken)
    {
        if (topology.Current.FindLane(swap.Job.Lane) is not { } lane)
        {
            return null;
        }

        var engine = engines.For(lane);
        var begin = time.GetTimestamp();
        var missing = 0;
        while (time.GetElapsedTime(begin) < SwapTimes.SettleTime)
        {
            await Task.Delay(SwapTimes.PresenceInterval, time, cancellationToken);
            var presence = engine.ReadPresence(lane, await shell.RunAsync(lane.Head, engine.Look(lane), cancellationToken));
            if (presence == ServerPresence.Gone)
            {
                // The launcher's container stays when its server crashes, so somebody removed it: that is theirs to undo.
                return null;
            }

            missing = presence == ServerPresence.ContainerOnly ? missing + 1 : 0;
            if (missing >= 2)
            {
                return await ExplainAsync(lane, swap, time.GetElapsedTime(begin), cancellationToken);
            }
        }

        return null;
    }

    private async Task<SwapFailure> ExplainAsync(LaneDefinition lane, LaneSwap swap, TimeSpan after, CancellationToken cancellationToken)
    {
        var (lines, cause) = await postMortem.ReadAsync(lane, [], cancellationToken);
        try
        {
            await logs.KeepAsync(lane.Id, swap.Job.Model, swap.Job.ModelName, stoppedBy: null, lines, cancellationToken);
        }
        catch (StoreException problem)
        {
            LogLogNotKept(problem, swap.Job.Id.Value);
        }

        var message = $"{swap.Job.ModelName} stopped by itself within {after.TotalSeconds:0} s after its first answer.";
        return new SwapFailure(cause?.Code ?? "crashed", cause is null ? message : $"{message} {cause.Message}", cause?.Advice, lines);
    }

    [LoggerMessage(LogLevel.Warning, "Swap {Job}: the log of the server that ended could not be kept")]
    private partial void LogLogNotKept(Exception exception, string job);
}
