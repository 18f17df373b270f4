using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Fit;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Swaps;

/// <summary>Decides whether a request becomes a job, from one snapshot. Touches nothing; the job checks the hosts again before it touches them.</summary>
internal sealed class SwapAdmission(ITopology topology, ClusterView view, EngineSet engines, ReservationKeeper reservations)
{
    /// <summary>What was decided: a refusal, or what the job needs.</summary>
    public abstract record Verdict
    {
        private Verdict()
        {
        }

        /// <summary>Not now, or not needed.</summary>
        public sealed record Refused(SwapOutcome Outcome) : Verdict;

        /// <summary>It can begin, or wait for its turn.</summary>
        public sealed record Admitted(LaneDefinition Lane, ModelCard Card, SwapTarget Target, LaunchPlan Launch, LaneSnapshot Now, bool HasToWait) : Verdict;
    }

    /// <summary>
    /// Decides on a swap; <paramref name="running"/> is the job that runs on the lane, <paramref name="waiting"/> are those that wait there, and
    /// <paramref name="isStaying"/> tells whether the model that runs may not be taken away yet from those who wait. Of a job that will have to wait only that
    /// is asked which will not change by waiting; the rest is asked when its turn comes. <paramref name="isSilent"/>: the model that is shown as running was
    /// asked and generated nothing, so that it counts for nothing.
    /// </summary>
    public Verdict Decide(SwapRequest request, SwapJob? running, ImmutableArray<SwapJob> waiting, bool isStaying, bool isSilent = false)
    {
        var cluster = topology.Current;
        var snapshot = view.Current;
        if (cluster.FindLane(request.Lane) is not { } lane || snapshot.FindLane(request.Lane) is not { } now)
        {
            return new Verdict.Refused(UnknownLane());
        }

        if (reservations.FindObstacle(request.Lane, request.Pass) is { } obstacle)
        {
            return new Verdict.Refused(obstacle);
        }

        if (ModelNames.Find(snapshot, request.Model) is not { } card)
        {
            return new Verdict.Refused(new SwapOutcome.UnknownModel(request.Model, [.. snapshot.Models.Select(model => model.Id.Value)]));
        }

        if (running is not null && !request.Queue)
        {
            return new Verdict.Refused(new SwapOutcome.InProgress(running));
        }

        if (running is null && !isSilent && now.Serving?.Id == card.Id && now.Condition.Kind is ConditionKind.Working or ConditionKind.Busy)
        {
            return new Verdict.Refused(new SwapOutcome.AlreadySo(card));
        }

        if (!waiting.IsEmpty && !request.Queue)
        {
            return new Verdict.Refused(new SwapOutcome.InProgress(running ?? waiting[0]));
        }

        if (WhyNotReady(card, lane) is { } why)
        {
            return new Verdict.Refused(new SwapOutcome.NotReady(card, why));
        }

        var target = SwapTarget.Of(card)!;
        var launch = engines.For(lane).Plan(lane, cluster, target.Recipe, launcher: null);
        if (running is not null || !waiting.IsEmpty || (isStaying && !isSilent && request.Queue))
        {
            return waiting.Length >= WaitingSwaps.Most
                ? new Verdict.Refused(new SwapOutcome.QueueFull(waiting.Length))
                : new Verdict.Admitted(lane, card, target, launch, now, HasToWait: true);
        }

        if (snapshot.Hosts.FirstOrDefault(host => launch.Hosts.Contains(host.Definition.Id) && host.Fault is not null) is { Fault: { } fault } unusable)
        {
            return new Verdict.Refused(new SwapOutcome.HostUnusable(unusable.Definition.Name, fault));
        }

        if (snapshot.Hosts.FirstOrDefault(host => launch.Hosts.Contains(host.Definition.Id) && host.DiskFree < SwapOutcome.DiskFull.Least) is { DiskFree: { } left } full)
        {
            return new Verdict.Refused(new SwapOutcome.DiskFull(full.Definition.Name, left));
        }

        var runs = snapshot.Models.FirstOrDefault(model => model.Id == now.Serving?.Id)?.Recipe;
        return LaneFit.Decide(snapshot, now, target.Recipe, card.Size, runs) is { IsOk: false } fit
            ? new Verdict.Refused(new SwapOutcome.DoesNotFit(card, fit) { Offers = FitOffers.Find(snapshot, now, card) })
            : new Verdict.Admitted(lane, card, target, launch, now, HasToWait: false);
    }

    /// <summary>The refusal for a lane one of whose machines cannot be used, or shows another key than before (F-05); null when its server can be stopped.</summary>
    public SwapOutcome? WhyNotStop(LaneSnapshot lane)
    {
        var snapshot = view.Current;
        var runs = snapshot.Models.FirstOrDefault(model => model.Id == lane.Serving?.Id)?.Recipe;
        var hosts = runs is null ? [lane.Definition.Head] : VllmEngine.HostsOf(lane.Definition, runs);
        return snapshot.Hosts.FirstOrDefault(host => hosts.Contains(host.Definition.Id) && host.Fault is not null) is { Fault: { } fault } unusable
            ? new SwapOutcome.HostUnusable(unusable.Definition.Name, fault)
            : null;
    }

    /// <summary>The refusal for a lane that does not exist.</summary>
    public SwapOutcome UnknownLane() => new SwapOutcome.UnknownLane([.. topology.Current.Lanes.Select(lane => lane.Id.Value)]);

    private static string? WhyNotReady(ModelCard card, LaneDefinition lane) => card switch
    {
        { State: ModelState.Incomplete } => $"{card.Name} is not complete on disk: {card.Copies.FirstOrDefault(copy => !copy.IsComplete)?.Missing ?? "files are missing"}.",
        { State: ModelState.Downloading } => $"{card.Name} is still being downloaded.",
        { State: ModelState.Deleting } => $"{card.Name} is being deleted.",
        { Recipe: null } => $"Nobody has said yet how {card.Name} is started.",
        { Recipe.Placement: Recipes.RecipePlacement.Cluster } when lane.Hosts.Length < 2 => $"{card.Name} needs two machines, and {lane.Name} has one.",
        _ when !card.Copies.Any(copy => copy.IsComplete && copy.Host == lane.Head) => $"{card.Name} is not on the disk of this machine.",
        _ => null,
    };
}
