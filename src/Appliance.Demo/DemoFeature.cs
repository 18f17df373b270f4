using Appliance.Cluster.Connectivity;
using Appliance.Cluster.Topology;
using Appliance.Demo.Machines;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Demo;

/// <summary>Puts the simulated cluster where the machines would be.</summary>
public static class DemoFeature
{
    /// <summary>Registers the cluster's definition, shell and trust. The caller keeps owning (and disposing) the cluster.</summary>
    public static IServiceCollection AddDemoCluster(this IServiceCollection services, DemoCluster demo)
    {
        services.AddSingleton(demo);
        services.AddSingleton<ITopology>(new FixedTopology(demo.Definition));
        services.AddSingleton(demo.Shell);
        services.AddSingleton<IHostTrust>(new SimulatedTrust(demo));
        return services;
    }
}
