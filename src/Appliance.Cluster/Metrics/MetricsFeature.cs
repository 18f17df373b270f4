using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Cluster.Metrics;

/// <summary>Registers what is counted.</summary>
public static class MetricsFeature
{
    /// <summary>Adds <see cref="RequestMeter"/>; calling it twice is the same as once.</summary>
    public static IServiceCollection AddRequestMeter(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RequestMeter>();
        return services;
    }
}
