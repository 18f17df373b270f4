using Appliance.Cluster.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Cluster.Metrics;

/// <summary>Registers what is counted.</summary>
public static class MetricsFeature
{
    /// <summary>Adds <see cref="RequestMeter"/> and <see cref="ClusterMeter"/>; needs the view.</summary>
    public static IServiceCollection AddMeters(this IServiceCollection services) => services
        .AddRequestMeter()
        .AddSetting(MetricsSettings.RequestLog)
        .AddSingleton<ClusterMeter>();

    /// <summary>Adds <see cref="RequestMeter"/> and <see cref="RequestRing"/>; needs the settings. Calling it twice is the same as once.</summary>
    public static IServiceCollection AddRequestMeter(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RequestMeter>();
        services.TryAddSingleton<RequestRing>();
        return services;
    }
}
