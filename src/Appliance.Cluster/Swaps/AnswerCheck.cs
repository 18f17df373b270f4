using Appliance.Cluster.Engines;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Whether the model that is shown as running generates a token now: what was seen some seconds ago proves nothing, because it may have crashed since. Touches
/// nothing.
/// </summary>
internal sealed class AnswerCheck(IHostShell shell, EngineSet engines, ITopology topology, IModelProbe probe, TimeProvider time)
{
    /// <summary>
    /// Ends with the first token, of whomever: a long queue may stand before ours. Ends without one as soon as its process is seen gone, else after
    /// <see cref="SwapTimes.ProofDeadline"/>.
    /// </summary>
    public async Task<bool> HasTokenAsync(LaneId id, ModelCard card, CancellationToken cancellationToken)
    {
        if (topology.Current.FindLane(id) is not { } lane || topology.Current.FindEndpoint(lane) is not { } server)
        {
            return false;
        }

        using var late = new CancellationTokenSource(SwapTimes.ProofDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        ServerCounters? before = null;
        try
        {
            while (true)
            {
                var identity = await probe.IdentifyAsync(server, either.Token);
                if (identity is IdentityAnswer.Named named && ServerIdentity.Matches(named, card.Recipe?.ServedName ?? card.Repo.ToString(), card.Repo))
                {
                    before ??= await probe.ReadCountersAsync(server, either.Token);
                    if (await probe.GenerateAsync(server, named.ServedName, either.Token) is GenerationAnswer.Token)
                    {
                        return true;
                    }
                }
                else if (await LookAsync(lane, either.Token) is ServerPresence.Gone or ServerPresence.ContainerOnly)
                {
                    return false;
                }

                await Task.Delay(SwapTimes.ProbePause, time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return before is not null && await probe.ReadCountersAsync(server, cancellationToken) is { } after && after.GeneratedTokens > before.GeneratedTokens;
        }
    }

    private async Task<ServerPresence> LookAsync(LaneDefinition lane, CancellationToken cancellationToken)
    {
        var engine = engines.For(lane);
        return engine.ReadPresence(lane, await shell.RunAsync(lane.Head, engine.Look(lane), cancellationToken));
    }
}
