using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Discovery;

/// <summary>Registers the discovery of models on disk.</summary>
public static class DiscoveryFeature
{
    /// <summary>Adds <see cref="ModelDiscovery"/> as a singleton and as a background service. Needs ITopology, IHostShell and TimeProvider.</summary>
    public static IServiceCollection AddDiscovery(this IServiceCollection services)
    {
        services.AddSingleton<ModelDiscovery>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelDiscovery>());
        return services;
    }
}
