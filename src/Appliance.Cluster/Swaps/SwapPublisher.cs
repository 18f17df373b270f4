using System.Collections.Immutable;
using Appliance.Cluster.Events;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.View;
using Appliance.Cluster.Webhooks;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Shows jobs to everybody: in the snapshot, in the job's feed and in the events. Writes <see cref="LaneSnapshot.Swap"/>,
/// <see cref="LaneSnapshot.Queue"/> and <see cref="LaneSnapshot.LastSwap"/>.
/// </summary>
internal sealed class SwapPublisher(ClusterView view, LaneWatch lanes, IEventLog events)
{
    /// <summary>The lane as it is shown, or null.</summary>
    public LaneSnapshot? FindLane(LaneId id) => view.Current.FindLane(id);

    /// <summary>The job that runs on a lane, or null.</summary>
    public SwapJob? FindRunning(LaneId lane) => FindLane(lane)?.Swap;

    /// <summary>A model on the menu, or null.</summary>
    public ModelCard? FindCard(ModelId id) => view.Current.Models.FirstOrDefault(card => card.Id == id);

    /// <summary>A job that runs or waits, or null.</summary>
    public SwapJob? FindUnfinished(SwapJobId id) => view.Current.Lanes.SelectMany(lane => lane.Queue.Prepend(lane.Swap)).FirstOrDefault(job => job?.Id == id);

    /// <summary>Shows how the last jobs ended, at the start of the appliance.</summary>
    public void ShowLast(ImmutableArray<SwapJob> jobs)
    {
        foreach (var job in jobs)
        {
            ChangeLane(job.Lane, lane => lane with { LastSwap = job });
        }
    }

    /// <summary>Stores an accepted job and tells of it, in one transaction.</summary>
    public Task AnnounceAsync(LaneSwap swap, ApplianceEvent happened, CancellationToken cancellationToken) => events.AppendAsync(
        happened,
        (connection, transaction) =>
        {
            SwapJournal.Write(connection, transaction, swap);
            if (swap.Job.State != SwapState.Queued)
            {
                SettlingStore.WriteLeft(connection, transaction, swap.Job.Lane);
            }
        },
        cancellationToken);

    /// <summary>
    /// Stores the end of a job with its log, what is known of its lane now, its event and its message, in one transaction: exactly one of each for every job
    /// that ended.
    /// </summary>
    public Task FinishAsync(LaneSwap swap, LaneRecord record, IEnumerable<string> log, CancellationToken cancellationToken) => events.AppendAsync(
        SwapSentences.Ended(swap.Job),
        (connection, transaction) =>
        {
            SwapJournal.Write(connection, transaction, swap);
            SwapJournal.WriteLog(connection, transaction, swap.Job.Id, log);
            WebhookOutbox.Write(connection, transaction, swap.Job);
            LaneLedger.Write(connection, transaction, record);
            SettlingStore.WriteEnded(connection, transaction, swap.Job);
        },
        cancellationToken);

    /// <summary>Shows who waits on a lane, in the order in which they are expected to be fulfilled.</summary>
    public void ShowQueue(LaneId id, ImmutableArray<SwapJob> jobs) =>
        ChangeLane(id, lane => lane.Queue.AsSpan().SequenceEqual(jobs.AsSpan(), ReferenceEqualityComparer.Instance) ? lane : lane with { Queue = jobs });

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

        if (before.State == SwapState.Queued && job.State.IsTerminal())
        {
            // It only waited: what runs, and what was changed last, is another job's business. A refusal when its turn came is news.
            ChangeLane(job.Lane, lane => job.State == SwapState.Failed ? lane with { LastSwap = job } : lane);
            return;
        }

        switch (job.State)
        {
            case SwapState.Stopping when before.State != SwapState.Stopping:
                lanes.Leaving(job.Lane);
                break;
            case SwapState.Live or SwapState.RolledBack or SwapState.Cancelled when run.Swap is { Starting: { } target, TokenAt: { } token } && (job.State == SwapState.Live || job.RolledBackTo is not null):
                lanes.Answered(job.Lane, target.Recipe.ServedName, target.Recipe.Repo, token);
                break;
            case SwapState.Live when job.Kind == SwapKind.Stop:
                lanes.Stopped(job.Lane, job.RequestedBy);
                break;
        }

        ChangeLane(job.Lane, lane => job.State.IsTerminal() ? lane with { Swap = null, LastSwap = job } : lane with { Swap = job });
    }

    private void ChangeLane(LaneId id, Func<LaneSnapshot, LaneSnapshot> change) => view.Update(snapshot =>
        snapshot.FindLane(id) is { } lane && change(lane) is var next && !ReferenceEquals(lane, next)
            ? snapshot with { Lanes = snapshot.Lanes.Replace(lane, next) }
            : snapshot);
}
