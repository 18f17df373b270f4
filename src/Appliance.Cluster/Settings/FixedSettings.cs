using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>Settings that only their owner changes: tests, and programs that need the defaults. Thread-safe.</summary>
public sealed class FixedSettings : ISettings
{
    private SettingValues _current = SettingValues.Defaults;
    private ImmutableDictionary<string, (string, SettingSource)> _texts = ImmutableDictionary<string, (string, SettingSource)>.Empty;

    /// <inheritdoc/>
    public SettingValues Current => Volatile.Read(ref _current);

    /// <summary>Sets one value as a person would type it; throws <see cref="FormatException"/> for a bad one. Returns itself.</summary>
    public FixedSettings With(Setting setting, string text)
    {
        if (setting.FindProblem(text) is { } problem)
        {
            throw new FormatException(problem);
        }

        _texts = _texts.SetItem(setting.Key, (text, SettingSource.File));
        Volatile.Write(ref _current, new SettingValues(_texts));
        return this;
    }
}
