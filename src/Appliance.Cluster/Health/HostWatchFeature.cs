using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Cluster.Health;

/// <summary>Registers the watch over the hosts.</summary>
public static class HostWatchFeature
{
    /// <summary>
    /// Adds the background service that publishes host snapshots, and <see cref="HostCalls"/>. Needs ITopology, IHostShell, ClusterView and TimeProvider;
    /// the jitter of repeated looks comes from the registered <see cref="Random"/>, the shared one by default.
    /// </summary>
    public static IServiceCollection AddHostWatch(this IServiceCollection services)
    {
        services.TryAddSingleton(Random.Shared);
        return services.AddSingleton<HostCalls>().AddHostedService<HostWatch>();
    }
}
