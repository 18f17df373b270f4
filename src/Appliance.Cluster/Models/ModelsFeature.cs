using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Models;

/// <summary>Registers the menu.</summary>
public static class ModelsFeature
{
    /// <summary>
    /// Adds the writer of <see cref="View.ClusterSnapshot.Models"/>. Needs <see cref="View.ClusterView"/>, <see cref="Discovery.ModelDiscovery"/> and
    /// <see cref="Recipes.IRecipeBook"/>.
    /// </summary>
    public static IServiceCollection AddModels(this IServiceCollection services) => services.AddHostedService<ModelMenu>();
}
