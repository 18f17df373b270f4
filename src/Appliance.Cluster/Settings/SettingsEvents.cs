using System.Collections.Immutable;
using Appliance.Cluster.Events;

namespace Appliance.Cluster.Settings;

/// <summary>Tells of changed settings: which and by whom, never to what, because it may be a secret.</summary>
internal static class SettingsEvents
{
    private const int Named = 3;

    public static ApplianceEvent Changed(ImmutableArray<Setting> changed, string by, DateTimeOffset at) => new()
    {
        At = at,
        Type = EventTypes.SettingsChanged,
        Component = "settings",
        Sentence = $"Changed in the settings: {Titles(changed)}.",
        Details = ImmutableSortedDictionary<string, string>.Empty
            .Add("keys", string.Join(',', changed.Select(setting => setting.Name)))
            .Add("by", by),
    };

    private static string Titles(ImmutableArray<Setting> changed)
    {
        var titles = string.Join(", ", changed.Take(Named).Select(setting => $"“{setting.Title}”"));
        return changed.Length <= Named ? titles : $"{titles} and {changed.Length - Named} more";
    }
}
