using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Health;

/// <summary>Registers the watch over the hosts.</summary>
public static class HostWatchFeature
{
    /// <summary>Adds the background service that publishes host snapshots, and <see cref="HostCalls"/>. Needs ITopology, IHostShell, ClusterView and TimeProvider.</summary>
    public static IServiceCollection AddHostWatch(this IServiceCollection services) => services.AddSingleton<HostCalls>().AddHostedService<HostWatch>();
}
