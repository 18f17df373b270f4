using Appliance.Cluster.Topology;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Demo;

/// <summary>Puts the simulated cluster where the machines would be.</summary>
public static class DemoFeature
{
    /// <summary>Registers the cluster's definition and shell. The caller keeps owning (and disposing) the cluster.</summary>
    public static IServiceCollection AddDemoCluster(this IServiceCollection services, DemoCluster demo)
    {
        services.AddSingleton(demo);
        services.AddSingleton<ITopology>(new FixedTopology(demo.Definition));
        services.AddSingleton(demo.Shell);
        return services;
    }
}
