using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Health;

/// <summary>Registers the watch over lanes and the probe.</summary>
public static class HealthFeature
{
    /// <summary>Adds <see cref="IModelProbe"/> and the loop that looks at every lane.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<IModelProbe, HttpModelProbe>()
        .AddSingleton<LaneWatch>()
        .AddHostedService(provider => provider.GetRequiredService<LaneWatch>());
}
