using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Topology;

/// <summary>Registers what the owner configured.</summary>
public static class TopologyFeature
{
    /// <summary>Adds <see cref="ITopology"/>, and <see cref="ConfiguredTopology"/> for whoever shows its problems.</summary>
    public static IServiceCollection AddTopology(this IServiceCollection services, ConfiguredTopology topology) =>
        services.AddSingleton(topology).AddSingleton<ITopology>(topology);
}
