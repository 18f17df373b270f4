using System.Collections.Immutable;
using Appliance.Cluster.Discovery;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Fit;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Models;

/// <summary>Joins what lies on the disks with the recipes and with what runs. The menu is the disk: a recipe without files is no card. Pure.</summary>
public static class MenuBuilder
{
    /// <summary>The cards, ordered by name.</summary>
    public static ImmutableArray<ModelCard> Build(DiskInventory disks, IRecipeBook recipes, ClusterSnapshot snapshot)
    {
        var found = disks.Hosts
            .SelectMany(disk => disk.Models.Select(model => (disk.Host, Model: model)))
            .GroupBy(entry => entry.Model.Repo.Id);
        return
        [
            .. found.Select(group => BuildCard([.. group], disks, recipes, snapshot))
                .OrderBy(card => card.Name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(card => card.Id.Value, StringComparer.Ordinal),
        ];
    }

    private static ModelCard BuildCard(ImmutableArray<(HostId Host, CachedModel Model)> found, DiskInventory disks, IRecipeBook recipes, ClusterSnapshot snapshot)
    {
        // The copy that says most: complete ones first, so that a half download does not hide a good config.
        var best = found.OrderByDescending(entry => entry.Model.IsComplete).ThenByDescending(entry => entry.Model.ConfigJson is not null).First().Model;
        var repo = best.Repo;
        var recipe = recipes.Find(repo);
        var config = ModelConfig.Read(best.ConfigJson);
        ImmutableArray<LocalCopy> copies =
            [.. found.Select(entry => new LocalCopy(entry.Host, entry.Model.Size, entry.Model.IsComplete, entry.Model.IsComplete ? null : entry.Model.Missing ?? "some of its files"))];
        var lane = recipe is null ? null : snapshot.Lanes.FirstOrDefault(candidate => CanRun(candidate, recipe, copies));
        if (recipe is not null && lane is null && snapshot.MainLane is { } main)
        {
            copies = [.. copies, .. Absent(main, recipe, copies, disks, snapshot)];
        }

        return new ModelCard
        {
            Id = repo.Id,
            Repo = repo,
            Name = recipe?.Name ?? repo.Name,
            State = StateOf(repo, recipe, copies, lane, snapshot),
            Copies = copies,
            Recipe = recipe,
            Capabilities = recipe is { Capabilities.IsEmpty: false } ? recipe.Capabilities : config.Capabilities,
            ContextLength = recipe?.ContextLength ?? config.ContextLength,
            CacheBytesPerToken = config.CacheValuesPerToken * BytesOfCacheValue(recipe),
            Fit = recipe is null || snapshot.MainLane is null ? null : FitOn(snapshot.MainLane, recipe, copies, recipes, snapshot),
        };
    }

    private static int BytesOfCacheValue(Recipe? recipe) =>
        recipe is not null && RecipeWords.FindValue(recipe.Arguments, "--kv-cache-dtype")?.StartsWith("fp8", StringComparison.Ordinal) == true ? 1 : 2;

    private static ModelState StateOf(RepoId repo, Recipe? recipe, ImmutableArray<LocalCopy> copies, LaneSnapshot? lane, ClusterSnapshot snapshot)
    {
        if (snapshot.Lanes.Any(candidate => IsServing(candidate, repo, recipe)))
        {
            return ModelState.Live;
        }

        if (snapshot.Lanes.Any(candidate => candidate.Swap is { Kind: SwapKind.Swap } swap && !swap.State.IsTerminal() && swap.Model == repo.Id))
        {
            return ModelState.Swapping;
        }

        if (!copies.Any(copy => copy.IsComplete))
        {
            return ModelState.Incomplete;
        }

        return recipe is null ? ModelState.NeedsSetup : lane is null && !snapshot.Lanes.IsEmpty ? ModelState.Incomplete : ModelState.Ready;
    }

    private static bool IsServing(LaneSnapshot lane, RepoId repo, Recipe? recipe) => lane.Serving is { } serving
        && (serving.Id == repo.Id
            || (serving.Id is null && string.Equals(serving.ServedName, recipe?.ServedName ?? repo.ToString(), StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether every host of the lane that the recipe needs has a complete copy.</summary>
    private static bool CanRun(LaneSnapshot lane, Recipe recipe, ImmutableArray<LocalCopy> copies) =>
        VllmEngine.HostsOf(lane.Definition, recipe).All(host => copies.Any(copy => copy.Host == host && copy.IsComplete));

    /// <summary>The hosts that would need the model and have nothing of it, said in words.</summary>
    private static IEnumerable<LocalCopy> Absent(LaneSnapshot lane, Recipe recipe, ImmutableArray<LocalCopy> copies, DiskInventory disks, ClusterSnapshot snapshot) =>
        from host in VllmEngine.HostsOf(lane.Definition, recipe)
        where copies.All(copy => copy.Host != host)
        let name = snapshot.Hosts.FirstOrDefault(candidate => candidate.Definition.Id == host)?.Definition.Name ?? host.Value
        let isListed = disks.FindHost(host)?.ObservedAt is not null
        select new LocalCopy(host, ByteSize.Zero, IsComplete: false, isListed ? $"the whole model: it is not on {name}" : $"not known yet: {name} has not been listed");

    private static FitVerdict? FitOn(LaneSnapshot lane, Recipe recipe, ImmutableArray<LocalCopy> copies, IRecipeBook recipes, ClusterSnapshot snapshot)
    {
        var running = lane.Serving is null
            ? null
            : recipes.All.FirstOrDefault(candidate => IsServing(lane, candidate.Repo, candidate));
        return LaneFit.Decide(snapshot, lane, recipe, copies.Max(copy => copy.Size), running);
    }
}
