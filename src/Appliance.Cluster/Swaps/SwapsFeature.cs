using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>Registers the swap engine.</summary>
public static class SwapsFeature
{
    /// <summary>Adds <see cref="SwapEngine"/> as a singleton that runs with the host.</summary>
    public static IServiceCollection AddSwaps(this IServiceCollection services) => services
        .AddSingleton<SwapAdmission>()
        .AddSingleton<ServerStart>()
        .AddSingleton<SwapEffects>()
        .AddSingleton<SwapJournal>()
        .AddSingleton<SwapPublisher>()
        .AddSingleton<SwapFeeds>()
        .AddSingleton<SwapRecords>()
        .AddSingleton<SwapRecovery>()
        .AddSingleton(provider => new SwapEngine(
            provider.GetRequiredService<SwapAdmission>(),
            provider.GetRequiredService<SwapEffects>(),
            provider.GetRequiredService<SwapJournal>(),
            provider.GetRequiredService<SwapPublisher>(),
            provider.GetRequiredService<SwapFeeds>(),
            provider.GetRequiredService<SwapRecords>(),
            provider.GetRequiredService<SwapRecovery>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SwapEngine>>()))
        .AddHostedService(provider => provider.GetRequiredService<SwapEngine>());
}
