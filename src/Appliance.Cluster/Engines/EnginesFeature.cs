using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Engines;

/// <summary>Registers the engines.</summary>
public static class EnginesFeature
{
    /// <summary>
    /// Adds every <see cref="IEngine"/>, <see cref="EngineSet"/> to take the one of a lane, and the check of launchers. Needs IHostShell, Database and
    /// TimeProvider.
    /// </summary>
    public static IServiceCollection AddEngines(this IServiceCollection services) => services
        .AddSingleton<IEngine, VllmEngine>()
        .AddSingleton<EngineSet>()
        .AddSingleton<QuotingProofs>()
        .AddSingleton<LauncherCheck>();
}
