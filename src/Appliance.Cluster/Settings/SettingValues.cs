using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>The values of all settings at one moment. Immutable; what is not in it has its default.</summary>
public sealed class SettingValues
{
    private readonly ImmutableDictionary<string, (string Text, SettingSource Source)> _texts;

    /// <summary>Takes texts by environment key; every text must be a good value of its setting, or empty for "not set on purpose".</summary>
    public SettingValues(ImmutableDictionary<string, (string Text, SettingSource Source)> texts) => _texts = texts;

    /// <summary>Nothing set.</summary>
    public static SettingValues Defaults { get; } = new(ImmutableDictionary<string, (string, SettingSource)>.Empty);

    /// <summary>The value, typed.</summary>
    public T Get<T>(Setting<T> setting) => FindText(setting) is { } text ? setting.Read(text) : setting.Default;

    /// <summary>The value as it was typed; null when nobody set it. Not for secrets that leave the appliance.</summary>
    public string? FindText(Setting setting) => _texts.TryGetValue(setting.Key, out var value) && value.Text.Length > 0 ? value.Text : null;

    /// <summary>Where the value comes from.</summary>
    public SettingSource SourceOf(Setting setting) => _texts.TryGetValue(setting.Key, out var value) ? value.Source : SettingSource.Default;
}
