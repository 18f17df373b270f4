using Appliance.Cluster.Recipes;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Models;

internal static class ModelEndpoints
{
    public static IEndpointConventionBuilder MapModels(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/models").WithTags("Models").WithSecurityClass(SecurityClass.OperatorRead);
        group.MapGet("", GetModelsAsync).WithName("GetModels").WithSummary("The menu: every model on the disks, and the recipes that say how models are served");
        return group;
    }

    private static async Task<Ok<ModelsWire>> GetModelsAsync(ClusterView view, IRecipeBook recipes, SwapEngine engine, CancellationToken cancellationToken)
    {
        var estimates = await engine.ReadEstimatesAsync(cancellationToken);
        var snapshot = view.Current;
        return TypedResults.Ok(new ModelsWire(
            snapshot.ModelsAreKnown,
            [.. snapshot.Models.Select(card => ModelWire.From(card, estimates.GetValueOrDefault(card.Id)))],
            [.. recipes.All.Select(RecipeWire.From)],
            recipes.Problems));
    }
}
