using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Routing;

/// <summary>Registers what the gateway asks: who answers for a model name, and how many requests are in work.</summary>
public static class RoutingFeature
{
    /// <summary>Adds <see cref="IUpstreams"/> and <see cref="GatewayTraffic"/>. Needs a <see cref="View.ClusterView"/> and a <see cref="Topology.ITopology"/>.</summary>
    public static IServiceCollection AddUpstreams(this IServiceCollection services) => services
        .AddSingleton<IUpstreams, Upstreams>()
        .AddSingleton<GatewayTraffic>();
}
