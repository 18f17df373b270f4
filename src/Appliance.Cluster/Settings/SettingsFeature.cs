using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Settings;

/// <summary>Registers what the owner can set.</summary>
public static class SettingsFeature
{
    /// <summary>Declares a setting; called by the feature that reads it.</summary>
    public static IServiceCollection AddSetting(this IServiceCollection services, Setting setting) => services.AddSingleton(setting);

    /// <summary>Adds <see cref="ISettings"/>: the environment keys as they were at the start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="readEnvironment">The value of an environment key, or null.</param>
    public static IServiceCollection AddSettings(this IServiceCollection services, Func<string, string?> readEnvironment) =>
        services.AddSingleton<ISettings>(provider => EnvironmentSettings.Read(provider.GetServices<Setting>(), readEnvironment));
}
