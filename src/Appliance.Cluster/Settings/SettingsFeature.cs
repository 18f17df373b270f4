using System.Collections.Immutable;
using Appliance.Cluster.Events;
using Appliance.Cluster.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Settings;

/// <summary>Registers what the owner can set.</summary>
public static class SettingsFeature
{
    /// <summary>Declares a setting; called by the feature that reads it.</summary>
    public static IServiceCollection AddSetting(this IServiceCollection services, Setting setting) => services.AddSingleton(setting);

    /// <summary>Declares what must hold between settings; called by the feature that reads them.</summary>
    public static IServiceCollection AddSettingsRule(this IServiceCollection services, SettingsRule rule) => services.AddSingleton(rule);

    /// <summary>All settings that features have declared, in the order of the calls: for what is decided before the container is built.</summary>
    public static ImmutableArray<Setting> FindDeclaredSettings(this IServiceCollection services) =>
        [.. services.Select(service => service.ImplementationInstance).OfType<Setting>()];

    /// <summary>All rules that features have declared.</summary>
    public static ImmutableArray<SettingsRule> FindDeclaredRules(this IServiceCollection services) =>
        [.. services.Select(service => service.ImplementationInstance).OfType<SettingsRule>()];

    /// <summary>
    /// Adds <see cref="ISettings"/> and <see cref="SettingsBook"/> (environment keys, and <c>app_settings.json</c> on top), and <see cref="ConfigurationWatch"/>,
    /// which looks at all edited files. Needs storage, events and the view.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="readEnvironment">The value of an environment key, or null.</param>
    /// <param name="learnSecret">Called with every secret before it is in force, so that it can be kept out of logs. Called again for known ones.</param>
    public static IServiceCollection AddSettings(this IServiceCollection services, Func<string, string?> readEnvironment, Action<string> learnSecret)
    {
        services.AddSingleton(provider => new SettingsBook(
            new SettingsLayers(provider.GetServices<Setting>(), provider.GetServices<SettingsRule>(), readEnvironment),
            provider.GetRequiredService<DataDirectory>(),
            provider.GetRequiredService<IEventLog>(),
            learnSecret,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SettingsBook>>()));
        services.AddSingleton<ISettings>(provider => provider.GetRequiredService<SettingsBook>());
        services.AddSingleton<IEditedFile>(provider => provider.GetRequiredService<SettingsBook>());
        services.AddSingleton<ConfigurationWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ConfigurationWatch>());
        return services;
    }
}
