using Appliance.Cluster.Events;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Routing;

/// <summary>Registers what the gateway asks: who answers for a model name, and how many requests are in work.</summary>
public static class RoutingFeature
{
    /// <summary>
    /// Adds <see cref="IUpstreams"/>, <see cref="GatewayTraffic"/> and <see cref="AliasBook"/>. Needs a <see cref="ClusterView"/>, an <see cref="ITopology"/>,
    /// the store and the events.
    /// </summary>
    public static IServiceCollection AddUpstreams(this IServiceCollection services) => services
        .AddSingleton<IUpstreams, Upstreams>()
        .AddSingleton<GatewayTraffic>()
        .AddHostedService<WaitingWatch>()
        .AddSingleton(provider => new AliasBook(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<IEventLog>(),
            provider.GetRequiredService<ClusterView>(),
            provider.GetRequiredService<ITopology>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddHostedService(provider => provider.GetRequiredService<AliasBook>());
}
