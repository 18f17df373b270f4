using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Events;

/// <summary>Registers the event log.</summary>
public static class EventsFeature
{
    /// <summary>Adds <see cref="IEventLog"/>; needs the store and the view.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<EventLog>();
        services.AddSingleton<IEventLog>(provider => provider.GetRequiredService<EventLog>());
        services.AddHostedService<EventKeeper>();
        services.AddHostedService<ClockWatch>();
        return services;
    }
}
