using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Swaps;

/// <summary>Lets waiting jobs begin when their turn has come. Used by the engine's loop only, after every command and once a second.</summary>
internal sealed class SwapTurns(
    ITopology topology, WaitingSwaps waiting, RunningSwaps running, SwapIntake intake)
{
    /// <summary>Looks at every lane.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in topology.Current.Lanes)
        {
            while (running.Find(lane.Id) is null && await TakeTurnAsync(lane.Id, cancellationToken))
            {
            }

            waiting.Show(lane.Id);
        }
    }

    /// <summary>Whether the line moved.</summary>
    private async Task<bool> TakeTurnAsync(LaneId lane, CancellationToken cancellationToken)
    {
        switch (waiting.FindTurn(lane))
        {
            case QueueTurn.Fulfilled turn:
                await waiting.EndAsync(turn.Job, new SwapInput.AlreadyThere(), cancellationToken);
                return true;
            case QueueTurn.Begin turn:
                await BeginAsync(turn.Job, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What was checked when the job was accepted may no longer hold, so it is checked again.</summary>
    private async Task BeginAsync(SwapJobId id, CancellationToken cancellationToken)
    {
        switch (await intake.ReconsiderAsync(waiting.Find(id)!, cancellationToken))
        {
            case (null, SwapOutcome.AlreadySo):
                await waiting.EndAsync(id, new SwapInput.AlreadyThere(), cancellationToken);
                break;
            case (null, var refusal):
                await waiting.EndAsync(id, new SwapInput.PreflightFailed(SwapRefusals.ToFailure(refusal!)), cancellationToken);
                break;
            case ({ } swap, _):
                await waiting.BeginAsync(swap, cancellationToken);
                break;
        }
    }
}
