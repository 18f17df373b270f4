using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>Settings as the environment keys give them. A bad value is left out here: the start has already told of it.</summary>
internal sealed class EnvironmentSettings(SettingValues current) : ISettings
{
    public SettingValues Current => current;

    public static EnvironmentSettings Read(IEnumerable<Setting> settings, Func<string, string?> readEnvironment) => new(new SettingValues(
        settings
            .Select(setting => (setting.Key, Text: readEnvironment(setting.Key)?.Trim(), setting))
            .Where(found => !string.IsNullOrEmpty(found.Text) && found.setting.FindProblem(found.Text) is null)
            .ToImmutableDictionary(found => found.Key, found => (found.Text!, SettingSource.Environment), StringComparer.Ordinal)));
}
