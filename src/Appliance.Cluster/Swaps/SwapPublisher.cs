using System.Collections.Immutable;
using Appliance.Cluster.Events;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.View;
using Appliance.Cluster.Webhooks;

namespace Appliance.Cluster.Swaps;

/// <summary>Shows jobs to everybody: in the snapshot, in the job's feed and in the events. Writes <see cref="LaneSnapshot.Swap"/> and <see cref="LaneSnapshot.LastSwap"/>.</summary>
internal sealed class SwapPublisher(ClusterView view, LaneWatch lanes, IEventLog events)
{
    /// <summary>The lane as it is shown, or null.</summary>
    public LaneSnapshot? FindLane(LaneId id) => view.Current.FindLane(id);

    /// <summary>The job that runs on a lane, or null.</summary>
    public SwapJob? FindRunning(LaneId lane) => FindLane(lane)?.Swap;

    /// <summary>A running job, or null.</summary>
    public SwapJob? FindRunning(SwapJobId id) => view.Current.Lanes.Select(lane => lane.Swap).FirstOrDefault(job => job?.Id == id);

    /// <summary>Shows how the last jobs ended, at the start of the appliance.</summary>
    public void ShowLast(ImmutableArray<SwapJob> jobs)
    {
        foreach (var job in jobs)
        {
            ChangeLane(job.Lane, lane => lane with { LastSwap = job });
        }
    }

    /// <summary>Stores an accepted job and tells of it, in one transaction.</summary>
    public Task AnnounceAsync(LaneSwap swap, CancellationToken cancellationToken) => events.AppendAsync(
        SwapSentences.Started(swap.Job),
        (connection, transaction) => SwapJournal.Write(connection, transaction, swap),
        cancellationToken);

    /// <summary>Stores the end of a job with its log, its event and its message, in one transaction: exactly one of each for every job that ended.</summary>
    public Task FinishAsync(LaneSwap swap, IEnumerable<string> log, CancellationToken cancellationToken) => events.AppendAsync(
        SwapSentences.Ended(swap.Job),
        (connection, transaction) =>
        {
            SwapJournal.Write(connection, transaction, swap);
            SwapJournal.WriteLog(connection, transaction, swap.Job.Id, log);
            WebhookOutbox.Write(connection, transaction, swap.Job);
        },
        cancellationToken);

    /// <summary>Shows a change of a job.</summary>
    public void Publish(LaneRun run, SwapJob before, bool isStateChange)
    {
        var job = run.Swap.Job;
        if (!job.LogTail.IsEmpty && before.LogTail != job.LogTail)
        {
            run.Feed.Add(job.LogTail[^1]);
        }
        else
        {
            run.Feed.Add(job, isStateChange);
        }

        switch (job.State)
        {
            case SwapState.Stopping when before.State != SwapState.Stopping:
                lanes.Leaving(job.Lane);
                break;
            case SwapState.Live or SwapState.RolledBack or SwapState.Cancelled when run.Swap.Starting is { } target && (job.State == SwapState.Live || job.RolledBackTo is not null):
                lanes.Answered(job.Lane, target.Recipe.ServedName, target.Recipe.Repo);
                break;
            case SwapState.Live when job.Kind == SwapKind.Stop:
                lanes.Stopped(job.Lane, job.RequestedBy);
                break;
        }

        ChangeLane(job.Lane, lane => job.State.IsTerminal() ? lane with { Swap = null, LastSwap = job } : lane with { Swap = job });
    }

    private void ChangeLane(LaneId id, Func<LaneSnapshot, LaneSnapshot> change) => view.Update(snapshot =>
        snapshot.FindLane(id) is { } lane ? snapshot with { Lanes = snapshot.Lanes.Replace(lane, change(lane)) } : snapshot);
}
