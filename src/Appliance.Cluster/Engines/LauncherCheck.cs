using System.Collections.Immutable;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Engines;

/// <summary>
/// Asks a host for its launcher, and proves once per launcher text how words pass through it. Changes nothing on the host. Thread-safe; two checks at once
/// may both prove.
/// </summary>
public sealed class LauncherCheck(IHostShell shell, EngineSet engines, QuotingProofs proofs)
{
    /// <summary>What the host says; the fault when it could not be asked. <paramref name="isCluster"/>: the launch is to span several machines.</summary>
    public async Task<(LauncherLook? Look, HostFault? Fault)> LookAsync(LaneDefinition lane, HostDefinition host, bool isCluster, CancellationToken cancellationToken)
    {
        var engine = engines.For(lane);
        var answer = await shell.RunAsync(host.Id, engine.InspectLauncher(host), cancellationToken);
        if (answer.Problem is { } fault)
        {
            return (null, fault);
        }

        var look = engine.ReadLauncher(lane, host, answer);
        if (look is not { DockerTrouble: null, Capabilities: { } launcher } || host.Id != lane.Head)
        {
            return (look, null);
        }

        var (proof, lost) = await FindOrProveAsync(engine, host, launcher, isCluster, cancellationToken);
        return proof is null ? (null, lost) : (look with { Capabilities = launcher with { Quoting = proof } }, null);
    }

    private async Task<(QuotingProof? Proof, HostFault? Fault)> FindOrProveAsync(
        IEngine engine, HostDefinition host, LauncherCapabilities launcher, bool isCluster, CancellationToken cancellationToken)
    {
        if (launcher.Hash is { } known && await proofs.FindAsync(host.Id, known, isCluster, cancellationToken) is { } earlier)
        {
            return (earlier, null);
        }

        // 1. Hostile words as they are, 2. between quotes, 3. only marks that are usually safe.
        foreach (var way in (QuotingProof[])[new(QuotingWay.AsTheyAre), new(QuotingWay.Quoted)])
        {
            var (calls, fault) = await SendAsync([.. QuotingCanary.Hostile.Select(way.Protect)]);
            if (fault is not null)
            {
                return (null, fault);
            }

            if (calls is { } received && QuotingCanary.HaveArrived(QuotingCanary.Hostile, received, isCluster))
            {
                return (await KeepAsync(way), null);
            }
        }

        var (plain, broken) = await SendAsync(QuotingCanary.Plain);
        if (broken is not null)
        {
            return (null, broken);
        }

        // Without a call nothing was seen, and the next time may show more: a full disk, a machine that was busy.
        var unproven = new QuotingProof(QuotingWay.Unproven, QuotingCanary.PlainMarks(plain));
        return (plain is { IsEmpty: false } ? await KeepAsync(unproven) : unproven, null);

        async Task<(ImmutableArray<ImmutableArray<string>>? Calls, HostFault? Fault)> SendAsync(ImmutableArray<string> words) =>
            await shell.RunAsync(host.Id, engine.ProveQuoting(host, launcher, isCluster, words), cancellationToken) switch
            {
                ShellOutcome.Completed completed => (engine.ReadWords(completed), null),
                var other => (null, other.Problem),
            };

        async Task<QuotingProof> KeepAsync(QuotingProof proof)
        {
            if (launcher.Hash is { } hash)
            {
                await proofs.KeepAsync(host.Id, hash, isCluster, proof, cancellationToken);
            }

            return proof;
        }
    }
}
