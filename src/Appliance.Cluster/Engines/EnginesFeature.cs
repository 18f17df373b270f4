using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Engines;

/// <summary>Registers the engines.</summary>
public static class EnginesFeature
{
    /// <summary>Adds every <see cref="IEngine"/>; take the one whose <see cref="IEngine.Kind"/> is the lane's.</summary>
    public static IServiceCollection AddEngines(this IServiceCollection services) => services.AddSingleton<IEngine, VllmEngine>();
}
