namespace Appliance.Cluster.Settings;

/// <summary>On or off. Also understands true/false, yes/no and 1/0, as people write them into environment files.</summary>
public sealed record SwitchSetting : Setting<bool>
{
    /// <inheritdoc/>
    public override SettingKind Kind => SettingKind.Switch;

    /// <inheritdoc/>
    public override string DefaultText => Default ? "on" : "off";

    /// <inheritdoc/>
    public override string? FindProblem(string text) => Find(text) is null ? $"{Key} is on or off, for example {Key}={DefaultText}." : null;

    /// <inheritdoc/>
    public override bool Read(string text) => Find(text) ?? throw new FormatException(FindProblem(text));

    private static bool? Find(string text) => text.ToLowerInvariant() switch
    {
        "on" or "true" or "yes" or "1" => true,
        "off" or "false" or "no" or "0" => false,
        _ => null,
    };
}
