using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Health;

/// <summary>Registers the watches over lanes and services, and the probe.</summary>
public static class HealthFeature
{
    /// <summary>Adds <see cref="IModelProbe"/> and the loops that look at every lane and every service.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<IModelProbe, HttpModelProbe>()
        .AddSingleton<LaneWatch>()
        .AddHostedService(provider => provider.GetRequiredService<LaneWatch>())
        .AddHostedService<ServiceWatch>();
}
