using Appliance.Cluster.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Topology;

/// <summary>Registers what the owner configured.</summary>
public static class TopologyFeature
{
    /// <summary>Declares the settings from which the usual home is made: also where the cluster is another one, so that they can be set there.</summary>
    public static IServiceCollection AddTopologySettings(this IServiceCollection services)
    {
        foreach (var setting in TopologySettings.All)
        {
            services.AddSetting(setting);
        }

        return services.AddSettingsRule(TopologySettings.Rule);
    }

    /// <summary>Adds <see cref="ITopology"/>, and <see cref="ConfiguredTopology"/> for whoever shows its problems.</summary>
    public static IServiceCollection AddTopology(this IServiceCollection services, ConfiguredTopology topology) =>
        services.AddSingleton(topology).AddSingleton<ITopology>(topology);
}
