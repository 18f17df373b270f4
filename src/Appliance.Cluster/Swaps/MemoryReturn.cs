using Appliance.Cluster.Fit;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Waits until the memory of a stopped server is back. It returns within seconds, but not at once and not always completely (spark-vllm-docker.md sections 1.7
/// and 7); vLLM refuses to start while its share is not free, and gives up when memory still moves while it measures.
/// </summary>
internal sealed class MemoryReturn(IHostShell shell, TimeProvider time)
{
    /// <summary>Less than this between two readings is the usual breathing of a machine.</summary>
    private static readonly ByteSize Breath = ByteSize.FromGigabytes(0.5);

    /// <summary>A start that is short by less than this part of its share is tried: what the host reports as available is itself an estimate.</summary>
    private const double WorthTrying = 0.05;

    /// <summary>
    /// Ends with <see cref="SwapInput.MemoryBack"/> or <see cref="SwapInput.MemoryShort"/>. With <paramref name="isLastResort"/> it never ends short: the
    /// model ran here before, and nothing runs otherwise. A host that does not tell its memory is not waited for; one whose answer got lost is asked again.
    /// </summary>
    public async Task<SwapInput> AwaitAsync(ClusterDefinition cluster, IEnumerable<HostId> hosts, SwapTarget target, bool isLastResort, CancellationToken cancellationToken)
    {
        var machines = hosts.Select(cluster.FindHost).OfType<HostDefinition>().ToArray();
        var before = new ByteSize?[machines.Length];
        var begin = time.GetTimestamp();
        while (true)
        {
            var now = await Task.WhenAll(machines.Select(machine => ReadAsync(machine, target, cancellationToken)));
            if (now.Zip(before).All(pair => pair.First is not { } reading || (reading.IsEnough && IsSettled(reading.Available, pair.Second))))
            {
                return new SwapInput.MemoryBack(null);
            }

            if (time.GetElapsedTime(begin) > SwapTimes.MemoryDeadline)
            {
                return Judge(now, target, isLastResort);
            }

            before = [.. now.Select(reading => reading?.Available)];
            await Task.Delay(SwapTimes.LookInterval, time, cancellationToken);
        }
    }

    private async Task<Reading?> ReadAsync(HostDefinition host, SwapTarget target, CancellationToken cancellationToken)
    {
        var (facts, fault) = await HostFactsQuery.AskAsync(shell, host, cancellationToken);
        return (facts, fault) switch
        {
            ({ MemoryTotal: { } total, MemoryAvailable: { } available }, _) => new Reading(host.Name, available, FitCheck.Claim(target.Recipe, total)),
            (_, { Kind: HostFaultKind.ConnectionLost or HostFaultKind.DeadlineExceeded }) => new Reading(host.Name, Available: null, default),
            _ => null,
        };
    }

    private static bool IsSettled(ByteSize? now, ByteSize? before) => now - before < Breath;

    private static SwapInput Judge(IEnumerable<Reading?> readings, SwapTarget target, bool isLastResort)
    {
        if (readings.OfType<Reading>().Where(reading => reading is { Available: not null, IsEnough: false }).MinBy(reading => (reading.Available!.Value - reading.Needed).Bytes)
            is not { Available: { } left } tightest)
        {
            return new SwapInput.MemoryBack(null);
        }

        var missing = tightest.Needed - left;
        return isLastResort || missing.Bytes < tightest.Needed.Bytes * WorthTrying
            ? new SwapInput.MemoryBack($"{missing} of {tightest.Host}'s memory did not come back; {target.Name} was started all the same.")
            : new SwapInput.MemoryShort(new SwapFailure(
                "memory_not_back",
                $"Only {left} of {tightest.Host}'s memory is free, and {target.Name} reserves {tightest.Needed}.",
                $"Something else holds it. Stop that, or restart {tightest.Host}: it frees everything.",
                []));
    }

    /// <summary>What a host says; <paramref name="Available"/> is null when its answer got lost.</summary>
    private sealed record Reading(string Host, ByteSize? Available, ByteSize Needed)
    {
        public bool IsEnough => Available >= Needed;
    }
}
