using System.Collections.Immutable;
using System.Globalization;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Fit;

/// <summary>
/// Finds ways to make a model fit that does not: another place, stopping something on the same machine, a shorter context. Only what passes the fit check
/// afterwards is offered. Pure.
/// </summary>
public static class FitOffers
{
    // A shorter context than this is of little use for conversations with documents or tools.
    private const int ShortestContext = 8192;

    /// <summary>
    /// The offers for a model with a recipe on a lane on which it does not fit, the simplest first; empty when nothing helps.
    /// </summary>
    public static ImmutableArray<FitOffer> Find(ClusterSnapshot snapshot, LaneSnapshot lane, ModelCard card) =>
        card.Recipe is not { } recipe
            ? []
            :
            [
                .. snapshot.Lanes.Where(other => other != lane).Select(other => OtherLane(snapshot, other, card, recipe)).OfType<FitOffer>(),
                .. snapshot.Lanes.Where(other => other != lane).Select(other => StopLane(snapshot, lane, other, card, recipe)).OfType<FitOffer>(),
                .. VllmEngine.HostsOf(lane.Definition, recipe).Select(host => StopServices(snapshot, lane, host, card, recipe)).OfType<FitOffer>(),
                .. new[] { ShorterContext(snapshot, lane, card, recipe) }.OfType<FitOffer>(),
            ];

    private static FitOffer? OtherLane(ClusterSnapshot snapshot, LaneSnapshot other, ModelCard card, Recipe recipe)
    {
        var hosts = VllmEngine.HostsOf(other.Definition, recipe);
        var isReady = other is { Swap: null, Reservation: null }
            && hosts.All(host => card.Copies.Any(copy => copy.Host == host && copy.IsComplete))
            && snapshot.Hosts.All(host => host.Fault is null || !hosts.Contains(host.Definition.Id));
        if (!isReady || LaneFit.Decide(snapshot, other, recipe, card.Size, RecipeOn(snapshot, other)) is not { IsOk: true } fit)
        {
            return null;
        }

        var instead = other.Serving is { } serving ? $" instead of {serving.Name}" : "";
        return new FitOffer(FitOfferKind.OtherLane, $"It fits on {other.Definition.Name}{instead}: it needs {fit.Needed}, and {fit.Available} will be free there.") { Lane = other.Definition.Id };
    }

    private static FitOffer? StopLane(ClusterSnapshot snapshot, LaneSnapshot lane, LaneSnapshot other, ModelCard card, Recipe recipe)
    {
        if (other is not { Serving: { } serving, Swap: null, Reservation: null } || RecipeOn(snapshot, other) is not { } running)
        {
            return null;
        }

        var shared = VllmEngine.HostsOf(other.Definition, running).Intersect(VllmEngine.HostsOf(lane.Definition, recipe)).ToArray();
        var host = snapshot.Hosts.FirstOrDefault(candidate => shared.Contains(candidate.Definition.Id));
        if (host is null || LaneFit.Decide(snapshot, lane, recipe, card.Size, RecipeOn(snapshot, lane), Frees) is not { IsOk: true })
        {
            return null;
        }

        var frees = Frees(host);
        return new FitOffer(FitOfferKind.StopLane, $"Stop {serving.Name} on {other.Definition.Name} first: that frees about {frees} on {host.Definition.Name}, and then it fits.")
        {
            Lane = other.Definition.Id,
            Stops = serving.Name,
            Frees = frees,
        };

        ByteSize Frees(HostSnapshot of) => shared.Contains(of.Definition.Id) ? LaneFit.HeldBy(running, of) : ByteSize.Zero;
    }

    /// <summary>What the GPU's programs hold beyond the models of our lanes is the services'. Unknown where the machine does not report it.</summary>
    private static FitOffer? StopServices(ClusterSnapshot snapshot, LaneSnapshot lane, HostId id, ModelCard card, Recipe recipe)
    {
        var services = snapshot.Services.Where(service => service.Definition.Host == id && Holds(service)).ToArray();
        if (services.Length == 0 || snapshot.Hosts.FirstOrDefault(host => host.Definition.Id == id) is not { MemoryOfModels: { } all } host)
        {
            return null;
        }

        var ours = snapshot.Lanes.Where(one => one.Serving is not null || one.Swap is not null).ToArray();
        if (ours.Any(one => RecipeOn(snapshot, one) is null))
        {
            return null;
        }

        var models = ours.Select(one => (Lane: one, Recipe: RecipeOn(snapshot, one)!)).Where(one => VllmEngine.HostsOf(one.Lane.Definition, one.Recipe).Contains(id))
            .Sum(one => LaneFit.HeldBy(one.Recipe, host).Bytes);
        var frees = new ByteSize(all.Bytes - models);
        if (frees <= ByteSize.Zero || LaneFit.Decide(snapshot, lane, recipe, card.Size, RecipeOn(snapshot, lane), of => of == host ? frees : ByteSize.Zero) is not { IsOk: true })
        {
            return null;
        }

        var names = services.Select(service => service.Definition.Name).ToArray();
        var list = names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
        return new FitOffer(FitOfferKind.StopServices, $"Stop {list} on {host.Definition.Name} first: that frees about {frees}, and then it fits.")
        {
            Services = [.. services.Select(service => service.Definition.Id)],
            Frees = frees,
        };
    }

    private static bool Holds(ServiceSnapshot service) =>
        service is { Definition.Kind: ServiceKind.Transcription or ServiceKind.Speech or ServiceKind.Embeddings, Condition.Kind: ConditionKind.Working or ConditionKind.Busy or ConditionKind.Starting };

    /// <summary>The longest context, halved until it fits, with the share of the memory that it takes.</summary>
    private static FitOffer? ShorterContext(ClusterSnapshot snapshot, LaneSnapshot lane, ModelCard card, Recipe recipe)
    {
        if (card is not { CacheBytesPerToken: { } perToken, ContextLength: { } context } || LaneFit.HostsOf(snapshot, lane, recipe, RecipeOn(snapshot, lane), static _ => ByteSize.Zero) is not { Length: > 0 } hosts)
        {
            return null;
        }

        for (var length = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)context) / 2; length >= ShortestContext; length /= 2)
        {
            if (FitCheck.ShareFor(recipe, card.Size, new ByteSize(perToken * length), hosts) is not { } share)
            {
                continue;
            }

            var shorter = recipe with
            {
                Arguments = RecipeWords.Replace(
                    RecipeWords.Replace(recipe.Arguments, "--max-model-len", length.ToString(CultureInfo.InvariantCulture)),
                    "--gpu-memory-utilization",
                    share.ToString("0.##", CultureInfo.InvariantCulture)),
            };
            if (FitCheck.Decide(shorter, card.Size, hosts) is { IsOk: true } fit)
            {
                return new FitOffer(
                    FitOfferKind.ShorterContext,
                    $"With a context of {length / 1024}k tokens instead of {context / 1024}k it fits: it needs {fit.Needed}, and {fit.Available} will be free. In its recipe that is --max-model-len {length} and --gpu-memory-utilization {share.ToString("0.##", CultureInfo.InvariantCulture)}.")
                {
                    ContextLength = length,
                    MemoryShare = share,
                };
            }
        }

        return null;
    }

    private static Recipe? RecipeOn(ClusterSnapshot snapshot, LaneSnapshot lane) => snapshot.Models.FirstOrDefault(model => model.Id == lane.Serving?.Id)?.Recipe;
}
