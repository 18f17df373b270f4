using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Reservations;

/// <summary>Registers the reservation lock.</summary>
public static class ReservationsFeature
{
    /// <summary>Adds <see cref="ReservationDesk"/>; the swap engine serves it.</summary>
    public static IServiceCollection AddReservations(this IServiceCollection services) => services
        .AddSingleton<ReservationStore>()
        .AddSingleton<ReservationAlarm>()
        .AddSingleton<ReservationKeeper>()
        .AddSingleton(provider => new ReservationDesk(
            provider.GetRequiredService<SwapMailbox>(),
            provider.GetRequiredService<ClusterView>(),
            provider.GetRequiredService<TimeProvider>()));
}
