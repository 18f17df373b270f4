using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Starts that no person asked for. They pass the same checks as anybody's wish, never wait in line, and count against the budget before anything is begun.
/// Used by the engine's loop only.
/// </summary>
internal sealed class UnaskedStarts(
    ITopology topology, ClusterView view, SwapAdmission admission, RunningSwaps running, WaitingSwaps waiting, StartLedger starts, SwapIntake intake)
{
    /// <summary>Why a start may not be made now, as the end of a sentence; null when it may.</summary>
    public string? FindObstacle(SwapRequest request)
    {
        var hosts = HostsOf(request, out var card);
        return admission.Decide(request, running.Find(request.Lane)?.Job, waiting.On(request.Lane), isStaying: false) switch
        {
            SwapAdmission.Verdict.Refused { Outcome: SwapOutcome.AlreadySo } => "it runs already",
            SwapAdmission.Verdict.Refused { Outcome: SwapOutcome.InProgress } => "another change comes first",
            SwapAdmission.Verdict.Refused refused => SwapRefusals.ToFailure(refused.Outcome).Message.TrimEnd('.'),
            _ => starts.FindRefusal(card!.Id, hosts),
        };
    }

    /// <summary>Makes a start against which <see cref="FindObstacle"/> has just said nothing.</summary>
    public async Task BeginAsync(SwapRequest request, CancellationToken cancellationToken)
    {
        var hosts = HostsOf(request, out var card);
        await starts.NoteAsync(card!.Id, hosts, cancellationToken);
        await intake.AdmitAsync(request, askedAt: null, cancellationToken);
    }

    private ImmutableArray<HostId> HostsOf(SwapRequest request, out ModelCard? card)
    {
        card = ModelNames.Find(view.Current.Models, request.Model);
        return card?.Recipe is { } recipe && topology.Current.FindLane(request.Lane) is { } lane ? VllmEngine.HostsOf(lane, recipe) : [];
    }
}
