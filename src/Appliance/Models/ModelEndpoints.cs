using Appliance.Cluster.Recipes;
using Appliance.Cluster.View;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Models;

internal static class ModelEndpoints
{
    public static IEndpointConventionBuilder MapModels(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/models").WithTags("Models").WithSecurityClass(SecurityClass.OperatorRead);
        group.MapGet("", GetModels).WithName("GetModels").WithSummary("The menu: every model on the disks, and the recipes that say how models are served");
        return group;
    }

    private static Ok<ModelsWire> GetModels(ClusterView view, IRecipeBook recipes)
    {
        var snapshot = view.Current;
        return TypedResults.Ok(new ModelsWire(
            snapshot.ModelsAreKnown,
            [.. snapshot.Models.Select(ModelWire.From)],
            [.. recipes.All.Select(RecipeWire.From)],
            recipes.Problems));
    }
}
