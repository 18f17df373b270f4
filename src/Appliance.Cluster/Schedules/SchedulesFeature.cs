using Appliance.Cluster.Storage;
using Appliance.Cluster.View;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Schedules;

/// <summary>Registers the registry of plans.</summary>
public static class SchedulesFeature
{
    /// <summary>Adds <see cref="ScheduleRegistry"/>; needs the store and the view.</summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services) => services.AddSingleton(provider => new ScheduleRegistry(
        provider.GetRequiredService<Database>(), provider.GetRequiredService<ClusterView>(), provider.GetRequiredService<TimeProvider>()));
}
