using System.Collections.Immutable;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Swaps;

/// <summary>The jobs that wait for their turn, per lane, oldest first. Every one of them is in the journal. Used by the engine's loop only.</summary>
internal sealed class WaitingSwaps(SwapCourse course, RunningSwaps running, SwapPublisher publisher, SwapDecisions decisions, ISettings settings, TimeProvider time)
{
    /// <summary>More than this on one lane is no queue but a program gone wild.</summary>
    public const int Most = 32;

    private readonly Dictionary<LaneId, ImmutableArray<LaneRun>> _waiting = [];

    /// <summary>The waiting jobs of a lane, oldest first.</summary>
    public ImmutableArray<SwapJob> On(LaneId lane) => [.. Runs(lane).Select(run => run.Swap.Job)];

    /// <summary>A waiting job, or null.</summary>
    public LaneSwap? Find(SwapJobId id) => FindRun(id)?.Swap;

    /// <summary>Puts a job at the end of the line. When this returns, it survives a power cut.</summary>
    public async Task<SwapJob> AddAsync(LaneSwap swap, CancellationToken cancellationToken)
    {
        swap = SwapMachine.Wait(swap);
        await publisher.AnnounceAsync(swap, SwapSentences.Queued(swap.Job), cancellationToken);
        Restore(swap);
        Show(swap.Job.Lane);
        return Find(swap.Job.Id)!.Job;
    }

    /// <summary>Puts a job of the last life back into the line.</summary>
    public void Restore(LaneSwap swap) => _waiting[swap.Job.Lane] = Runs(swap.Job.Lane).Add(course.NewRun(swap));

    /// <summary>A waiting job hears something of which only viewers learn, and waits on.</summary>
    public void Tell(SwapJobId id, SwapInput input)
    {
        var run = FindRun(id)!;
        var (next, _) = decisions.Machine(run.Swap, input, time.GetUtcNow());
        if (!ReferenceEquals(next, run.Swap))
        {
            course.Show(run, next);
        }
    }

    /// <summary>A waiting job hears something that ends it; the job afterwards.</summary>
    public async Task<SwapJob> EndAsync(SwapJobId id, SwapInput input, CancellationToken cancellationToken)
    {
        var run = FindRun(id)!;
        await course.TellAsync(run, input, cancellationToken);
        Leave(run);
        return run.Swap.Job;
    }

    /// <summary>It is a job's turn: it begins as <paramref name="swap"/>, and then leaves the line.</summary>
    public async Task BeginAsync(LaneSwap swap, CancellationToken cancellationToken)
    {
        var run = FindRun(swap.Job.Id)!;
        run.Swap = swap;
        await running.BeginAsync(run, cancellationToken);
        Leave(run);
    }

    /// <summary>The model that answers on a lane; null when none does.</summary>
    public ModelId? FindAnswering(LaneId lane) =>
        publisher.FindLane(lane) is { Condition.Kind: ConditionKind.Working or ConditionKind.Busy, Serving.Id: { } model } ? model : null;

    /// <summary>The card of the model that answers on a lane; null when none does.</summary>
    public ModelCard? FindCard(LaneId lane) => FindAnswering(lane) is { } model ? publisher.FindCard(model) : null;

    /// <summary>Whose turn it is on a lane on which nothing is being changed. <paramref name="isSilent"/>: what is shown as running generates nothing.</summary>
    public QueueTurn FindTurn(LaneId lane, bool isSilent = false) =>
        decisions.Turn(On(lane), isSilent ? null : FindAnswering(lane), running.FindStayed(lane), Stay);

    /// <summary>Whether the model that answers came up so lately that those who wait may not take it away yet.</summary>
    public bool IsStaying(LaneId lane) => FindAnswering(lane) is not null && running.FindStayed(lane) < Stay;

    /// <summary>Shows the line of a lane with its places.</summary>
    public void Show(LaneId lane)
    {
        var order = QueueTurn.Order(On(lane), running.Find(lane) is { } swap ? swap.Starting?.Id : FindAnswering(lane));
        for (var place = 0; place < order.Length; place++)
        {
            var run = FindRun(order[place].Id)!;
            if (run.Swap.Job.Position != place + 1)
            {
                course.Show(run, run.Swap with { Job = run.Swap.Job with { Position = place + 1 } });
            }
        }

        publisher.ShowQueue(lane, [.. order.Select(job => FindRun(job.Id)!.Swap.Job)]);
    }

    private TimeSpan Stay => TimeSpan.FromSeconds(settings.Get(SwapSettings.StaySeconds));

    private ImmutableArray<LaneRun> Runs(LaneId lane) => _waiting.GetValueOrDefault(lane, []);

    private LaneRun? FindRun(SwapJobId id) => _waiting.Values.SelectMany(runs => runs).FirstOrDefault(run => run.Swap.Job.Id == id);

    private void Leave(LaneRun run) => _waiting[run.Swap.Job.Lane] = Runs(run.Swap.Job.Lane).Remove(run);
}
