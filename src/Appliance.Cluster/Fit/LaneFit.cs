using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Fit;

/// <summary>Asks the fit check for one lane of a snapshot. Other lanes on the same hosts keep what they have. Pure.</summary>
public static class LaneFit
{
    /// <summary>After a stop memory comes back within seconds, but not at once (spark-vllm-docker.md section 7).</summary>
    private static readonly TimeSpan MemoryReturns = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Whether a model with <paramref name="weights"/> bytes on disk fits on the lane once its present model is gone; null while a host's memory is unknown.
    /// <paramref name="running"/> is the recipe of that present model, null when nothing runs or nobody knows what.
    /// </summary>
    public static FitVerdict? Decide(ClusterSnapshot snapshot, LaneSnapshot lane, Recipe recipe, ByteSize weights, Recipe? running) =>
        Decide(snapshot, lane, recipe, weights, running, static _ => ByteSize.Zero);

    /// <summary>The same, when <paramref name="freed"/> bytes more were free on a host.</summary>
    internal static FitVerdict? Decide(ClusterSnapshot snapshot, LaneSnapshot lane, Recipe recipe, ByteSize weights, Recipe? running, Func<HostSnapshot, ByteSize> freed)
    {
        if (recipe.Placement == RecipePlacement.Cluster && lane.Definition.Hosts.Length < 2)
        {
            return new FitVerdict(false, weights, ByteSize.Zero, $"It needs at least two machines together, and {lane.Definition.Name} has one.");
        }

        return FitCheck.Decide(recipe, weights, HostsOf(snapshot, lane, recipe, running, freed));
    }

    /// <summary>The hosts that would run a part of the recipe, as the fit check sees them.</summary>
    internal static ImmutableArray<FitHost> HostsOf(ClusterSnapshot snapshot, LaneSnapshot lane, Recipe recipe, Recipe? running, Func<HostSnapshot, ByteSize> freed)
    {
        return [.. VllmEngine.HostsOf(lane.Definition, recipe).Select(Host)];

        FitHost Host(HostId id) => snapshot.Hosts.FirstOrDefault(candidate => candidate.Definition.Id == id) is { } host
            ? new FitHost(host.Definition.Name, host.MemoryTotal, host.MemoryAvailable + freed(host), GivenBack(lane, host, running))
            : new FitHost(id.Value, null, null, null);
    }

    /// <summary>
    /// What a model holds of a host's memory: what its recipe claimed, but never more than is really in use, nor more than the GPU's programs hold where the
    /// host reports that. Zero while the host tells nothing.
    /// </summary>
    internal static ByteSize HeldBy(Recipe running, HostSnapshot host)
    {
        if (host.MemoryTotal is not { } total || host.MemoryAvailable is not { } available)
        {
            return ByteSize.Zero;
        }

        var claim = FitCheck.Claim(running, total);
        var inUse = host.MemoryOfModels is { } models && models < total - available ? models : total - available;
        return claim < inUse ? claim : inUse;
    }

    /// <summary>What the present model holds. Null when something may run that we did not start or that does not answer.</summary>
    private static ByteSize? GivenBack(LaneSnapshot lane, HostSnapshot host, Recipe? running)
    {
        if (lane.Condition is { Kind: ConditionKind.Stopped } stopped)
        {
            // A reading from before the memory came back would refuse what fits.
            return stopped.Since is { } since && host.ObservedAt < since + MemoryReturns ? null : ByteSize.Zero;
        }

        if (lane.Serving is null || running is null || host.MemoryTotal is null || host.MemoryAvailable is null)
        {
            return null;
        }

        // A reading from before the present model answered tells of the one before it.
        if (host.ObservedAt < lane.Serving.Since)
        {
            return null;
        }

        return VllmEngine.HostsOf(lane.Definition, running).Contains(host.Definition.Id) ? HeldBy(running, host) : ByteSize.Zero;
    }
}
