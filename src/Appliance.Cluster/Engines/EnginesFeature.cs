using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Engines;

/// <summary>Registers the engines.</summary>
public static class EnginesFeature
{
    /// <summary>Adds every <see cref="IEngine"/>, and <see cref="EngineSet"/> to take the one of a lane.</summary>
    public static IServiceCollection AddEngines(this IServiceCollection services) =>
        services.AddSingleton<IEngine, VllmEngine>().AddSingleton<EngineSet>();
}
