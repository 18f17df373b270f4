using Appliance.Cluster.Events;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Keys;

/// <summary>Registers the keys.</summary>
public static class KeysFeature
{
    /// <summary>Adds <see cref="KeyBook"/>; needs storage, events and settings.</summary>
    public static IServiceCollection AddKeyBook(this IServiceCollection services) => services
        .AddSetting(KeySettings.RequireKeys)
        .AddSingleton(provider => new KeyBook(
            new KeyStore(provider.GetRequiredService<Database>()),
            provider.GetRequiredService<IEventLog>(),
            provider.GetRequiredService<ISettings>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddHostedService<KeyKeeper>();
}
