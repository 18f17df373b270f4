using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;

namespace Appliance.Cluster.Swaps;

/// <summary>A model that can be started: the wanted one, or the one to bring back.</summary>
internal sealed record SwapTarget(ModelId Id, string Name, Recipe Recipe)
{
    /// <summary>The target for a card; null when nobody has said how to serve it.</summary>
    public static SwapTarget? Of(ModelCard card) => card.Recipe is { } recipe ? new SwapTarget(card.Id, card.Name, recipe) : null;
}
