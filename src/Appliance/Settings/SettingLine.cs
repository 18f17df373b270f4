using Appliance.Cluster.Settings;

namespace Appliance.Settings;

/// <summary>One setting as the page shows it. Texts are those that a field shows: empty when not set, and always empty for a secret.</summary>
public sealed record SettingLine
{
    public required Setting Setting { get; init; }

    /// <summary>What is in force.</summary>
    public required string Text { get; init; }

    /// <summary>What would be in force without the file: environment, else default.</summary>
    public required string Underneath { get; init; }

    /// <summary>Where what is underneath comes from.</summary>
    public required SettingSource UnderneathSource { get; init; }

    public required SettingSource Source { get; init; }

    public required bool IsSet { get; init; }

    public required bool WaitsForRestart { get; init; }

    /// <summary>The field's id in the page.</summary>
    public string FieldId => $"setting-{Setting.Name}";
}
