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
    IHostShell shell, EngineSet engines, ITopology topology, PostMortem postMortem, ServerLogs logs, SettlingStore store, TimeProvider time, ILogger<SettleWatch> logger)
{
    /// <summary>Every so many looks it is noted how long the model was watched.</summary>
    private const int LooksPerNote = 3;

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
        for (var look = 1; swap.Watched + time.GetElapsedTime(begin) < SwapTimes.SettleTime; look++)
        {
            await Task.Delay(SwapTimes.PresenceInterval, time, cancellationToken);
            var presence = engine.ReadPresence(lane, await shell.RunAsync(lane.Head, engine.Look(lane), cancellationToken));
            if (presence == ServerPresence.Gone)
            {
                // The launcher's container stays when its server crashes, so somebody removed it: that is theirs to undo.
                await NoteAsync(swap, SwapTimes.SettleTime, cancellationToken);
                return null;
            }

            missing = presence == ServerPresence.ContainerOnly ? missing + 1 : 0;
            if (missing >= 2)
            {
                return await ExplainAsync(lane, swap, time.GetElapsedTime(begin), cancellationToken);
            }

            if (look % LooksPerNote == 0 && missing == 0)
            {
                await NoteAsync(swap, swap.Watched + time.GetElapsedTime(begin), cancellationToken);
            }
        }

        await NoteAsync(swap, SwapTimes.SettleTime, cancellationToken);
        return null;
    }

    /// <summary>A time that is not noted is watched again after a restart.</summary>
    private async Task NoteAsync(LaneSwap swap, TimeSpan watched, CancellationToken cancellationToken)
    {
        try
        {
            await store.NoteAsync(swap.Job, watched, cancellationToken);
        }
        catch (StoreException problem)
        {
            LogNotNoted(problem, swap.Job.Id.Value);
        }
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

        var when = swap.Watched > TimeSpan.Zero ? "soon" : $"within {after.TotalSeconds:0} s";
        var message = $"{swap.Job.ModelName} stopped by itself {when} after its first answer.";
        return new SwapFailure(cause?.Code ?? "crashed", cause is null ? message : $"{message} {cause.Message}", cause?.Advice, lines);
    }

    [LoggerMessage(LogLevel.Warning, "Swap {Job}: how long its model was watched could not be noted; after a restart it is watched longer")]
    private partial void LogNotNoted(Exception exception, string job);

    [LoggerMessage(LogLevel.Warning, "Swap {Job}: the log of the server that ended could not be kept")]
    private partial void LogLogNotKept(Exception exception, string job);
}
