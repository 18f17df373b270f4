using System.Security.Cryptography;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Cluster.Swaps;

/// <summary>Registers the swap engine.</summary>
public static class SwapsFeature
{
    /// <summary>
    /// Adds <see cref="SwapEngine"/> as a singleton that runs with the host. Effects run on the registered <see cref="TaskScheduler"/>, ids come from the
    /// registered <see cref="RandomNumberGenerator"/>; without them the thread pool and the system's are taken.
    /// </summary>
    public static IServiceCollection AddSwaps(this IServiceCollection services)
    {
        services.TryAddSingleton(TaskScheduler.Default);
        services.TryAddSingleton(RandomNumberGenerator.Create());
        services.TryAddSingleton(new SwapDecisions());
        return services
            .AddSingleton<SwapAdmission>()
            .AddSetting(SwapSettings.DrainSeconds)
            .AddSingleton<SwapPreflight>()
            .AddSingleton<ServerLaunch>()
            .AddSetting(SwapSettings.StaySeconds)
            .AddSetting(SwapSettings.HomeModel)
            .AddSetting(SwapSettings.HomeAfterMinutes)
            .AddSingleton<ServerStart>()
            .AddSingleton<ServerLogs>()
            .AddSingleton<PostMortem>()
            .AddSingleton<SettlingStore>()
            .AddSingleton<SettleWatch>()
            .AddSingleton<SettlingSwaps>()
            .AddSingleton<UnaskedStarts>()
            .AddSingleton<SwapRescue>()
            .AddSingleton<HomeKeeper>()
            .AddSingleton<LaneUpkeep>()
            .AddSingleton<LaneLedger>()
            .AddSingleton<LaneReconciler>()
            .AddSingleton<StartLedger>()
            .AddSingleton<MemoryReturn>()
            .AddSingleton<SwapEffects>()
            .AddSingleton<SwapJournal>()
            .AddSingleton<SwapPublisher>()
            .AddSingleton<SwapFeeds>()
            .AddSingleton<SwapRecords>()
            .AddSingleton<SwapRecovery>()
            .AddSingleton<SwapMailbox>()
            .AddSingleton<EpochCounter>()
            .AddSingleton<SwapCourse>()
            .AddSingleton<AnswerCheck>()
            .AddSingleton<AnswerProofs>()
            .AddSingleton<RunningSwaps>()
            .AddSingleton<WaitingSwaps>()
            .AddSingleton<SwapTurns>()
            .AddSingleton<SwapIntake>()
            .AddSingleton<StoreTrouble>()
            .AddSingleton<SwapStart>()
            .AddSingleton<SwapLoop>()
            .AddSingleton(provider => new SwapEngine(
                provider.GetRequiredService<SwapMailbox>(),
                provider.GetRequiredService<SwapLoop>(),
                provider.GetRequiredService<SwapAdmission>(),
                provider.GetRequiredService<SwapJournal>(),
                provider.GetRequiredService<SwapPublisher>(),
                provider.GetRequiredService<SwapRecords>(),
                provider.GetRequiredService<ReservationKeeper>(),
                provider.GetRequiredService<ISettings>()))
            .AddHostedService(provider => provider.GetRequiredService<SwapEngine>())
            .AddSingleton<IModelWishes, ModelWishes>();
    }
}
