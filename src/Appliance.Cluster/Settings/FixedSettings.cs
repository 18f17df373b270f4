using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>Settings that only their owner changes: tests, and programs that need the defaults. Thread-safe for readers; one writer.</summary>
public sealed class FixedSettings : ISettings
{
    private readonly SettingsCell _cell = new(SettingValues.Defaults);
    private ImmutableDictionary<string, (string, SettingSource)> _texts = ImmutableDictionary<string, (string, SettingSource)>.Empty;

    /// <inheritdoc/>
    public SettingValues Current => _cell.Current;

    /// <inheritdoc/>
    public Task<SettingValues> WaitForChangeAsync(SettingValues seen, CancellationToken cancellationToken) => _cell.WaitForChangeAsync(seen, cancellationToken);

    /// <summary>Sets one value as a person would type it; throws <see cref="FormatException"/> for a bad one. Returns itself.</summary>
    public FixedSettings With(Setting setting, string text)
    {
        if (setting.FindProblemOfChoice(text) is { } problem)
        {
            throw new FormatException(problem);
        }

        _texts = _texts.SetItem(setting.Key, (text, SettingSource.File));
        _cell.Replace(new SettingValues(_texts));
        return this;
    }
}
