using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Swaps;

/// <summary>Lets waiting jobs begin when their turn has come. Used by the engine's loop only, after every command and once a second.</summary>
internal sealed class SwapTurns(
    ITopology topology, WaitingSwaps waiting, RunningSwaps running, SwapIntake intake, AnswerProofs proofs)
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
                return await FulfilAsync(lane, turn.Job, cancellationToken);
            case QueueTurn.Begin turn:
                return await BeginAsync(lane, turn.Job, isSilent: false, cancellationToken);
            default:
                return false;
        }
    }

    /// <summary>What is shown as running has to generate a token before anybody is told that it runs. When it does not, the first of the line begins.</summary>
    private async Task<bool> FulfilAsync(LaneId lane, SwapJobId id, CancellationToken cancellationToken)
    {
        switch (waiting.FindCard(lane) is { } shown ? proofs.Find(lane, shown, askedAt: null) : false)
        {
            case true:
                await waiting.EndAsync(id, new SwapInput.AlreadyThere(), cancellationToken);
                return true;
            case null:
                waiting.Tell(id, new SwapInput.Proving(Begins: true));
                return false;
            case false:
                waiting.Tell(id, new SwapInput.Proving(Begins: false));
                return waiting.FindTurn(lane, isSilent: true) is QueueTurn.Begin turn && await BeginAsync(lane, turn.Job, isSilent: true, cancellationToken);
        }
    }

    /// <summary>What was checked when the job was accepted may no longer hold, so it is checked again.</summary>
    private async Task<bool> BeginAsync(LaneId lane, SwapJobId id, bool isSilent, CancellationToken cancellationToken)
    {
        switch (await intake.ReconsiderAsync(waiting.Find(id)!, isSilent, cancellationToken))
        {
            case (null, SwapOutcome.AlreadySo):
                return await FulfilAsync(lane, id, cancellationToken);
            case (null, var refusal):
                await waiting.EndAsync(id, new SwapInput.PreflightFailed(SwapRefusals.ToFailure(refusal!)), cancellationToken);
                return true;
            case ({ } swap, _):
                await waiting.BeginAsync(swap, cancellationToken);
                return true;
        }
    }
}
