using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Fit;

/// <summary>Asks the fit check for one lane of a snapshot. Other lanes on the same hosts keep what they have. Pure.</summary>
public static class LaneFit
{
    /// <summary>
    /// Whether a model with <paramref name="weights"/> bytes on disk fits on the lane once its present model is gone; null while a host's memory is unknown.
    /// <paramref name="running"/> is the recipe of that present model, null when nothing runs or nobody knows what.
    /// </summary>
    public static FitVerdict? Decide(ClusterSnapshot snapshot, LaneSnapshot lane, Recipe recipe, ByteSize weights, Recipe? running)
    {
        if (recipe.Placement == RecipePlacement.Cluster && lane.Definition.Hosts.Length < 2)
        {
            return new FitVerdict(false, weights, ByteSize.Zero, $"It needs at least two machines together, and {lane.Definition.Name} has one.");
        }

        var freed = lane.Serving is null || running is null ? [] : VllmEngine.HostsOf(lane.Definition, running);
        return FitCheck.Decide(recipe, weights, [.. VllmEngine.HostsOf(lane.Definition, recipe).Select(id => Host(id))]);

        FitHost Host(HostId id)
        {
            var host = snapshot.Hosts.FirstOrDefault(candidate => candidate.Definition.Id == id);
            return host is null
                ? new FitHost(id.Value, null, null, ByteSize.Zero)
                : new FitHost(host.Definition.Name, host.MemoryTotal, host.MemoryAvailable, GivenBack(host, running, freed));
        }
    }

    /// <summary>What the present model claimed, but never more than is really in use, nor more than the GPU's programs hold where the host reports that.</summary>
    private static ByteSize GivenBack(HostSnapshot host, Recipe? running, ImmutableArray<HostId> freed)
    {
        if (running is null || !freed.Contains(host.Definition.Id) || host.MemoryTotal is not { } total || host.MemoryAvailable is not { } available)
        {
            return ByteSize.Zero;
        }

        var claim = FitCheck.Claim(running, total);
        var inUse = host.MemoryOfModels is { } models && models < total - available ? models : total - available;
        return claim < inUse ? claim : inUse;
    }
}
