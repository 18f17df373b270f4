using Appliance.Cluster.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Recipes;

/// <summary>Registers the recipes.</summary>
public static class RecipesFeature
{
    /// <summary>Adds <see cref="IRecipeBook"/>. Needs a <see cref="Storage.DataDirectory"/>.</summary>
    public static IServiceCollection AddRecipes(this IServiceCollection services)
    {
        services.AddSingleton<RecipeBook>();
        services.AddSingleton<IRecipeBook>(provider => provider.GetRequiredService<RecipeBook>());
        services.AddSingleton<IEditedFile>(provider => provider.GetRequiredService<RecipeBook>());
        return services;
    }
}
