using Appliance.Cluster.Settings;

namespace Appliance.Settings;

/// <summary>Everything that can be set, in the order of the page.</summary>
internal sealed record SettingsWire
{
    public required IReadOnlyList<SettingWire> Settings { get; init; }

    /// <summary>The keys of settings whose value waits for the next start of the appliance.</summary>
    public required IReadOnlyList<string> RestartPending { get; init; }

    /// <summary>What is wrong with <c>app_settings.json</c>, a sentence each; what was good before is in force.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    public static SettingsWire From(SettingsBook book)
    {
        var values = book.Current;
        return new SettingsWire
        {
            Settings = [.. book.Settings.Select(setting => SettingWire.From(setting, values))],
            RestartPending = [.. book.WaitingForRestart.Select(setting => setting.Name)],
            Problems = book.Problems,
        };
    }
}
