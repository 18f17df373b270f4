using System.Text.Json;
using Appliance.Cluster.Settings;
using Appliance.Wire;

namespace Appliance.Settings;

/// <summary>One setting. <c>value</c> and <c>default</c> are a number, true or false, or a text; absent when not set. A secret's value never leaves.</summary>
internal sealed record SettingWire
{
    public required string Key { get; init; }

    public required string EnvKey { get; init; }

    public required string Title { get; init; }

    public required string Help { get; init; }

    public required string Section { get; init; }

    public required SettingKind Kind { get; init; }

    public SettingRangeWire? Range { get; init; }

    public IReadOnlyList<string>? Choices { get; init; }

    public JsonElement? Default { get; init; }

    public JsonElement? Value { get; init; }

    public required bool IsSet { get; init; }

    public required SettingSource Source { get; init; }

    public required bool NeedsRestart { get; init; }

    public static SettingWire From(Setting setting, SettingValues values) => new()
    {
        Key = setting.Name,
        EnvKey = setting.Key,
        Title = setting.Title,
        Help = setting.Help,
        Section = setting.Section,
        Kind = setting.Kind,
        Range = setting.Range is { } range ? new SettingRangeWire(range.Least, range.Most) : null,
        Choices = setting.Choices.IsEmpty ? null : setting.Choices,
        Default = setting.IsSecret ? null : ToJson(setting, setting.DefaultText),
        Value = setting.IsSecret ? null : ToJson(setting, InForce(setting, values)),
        IsSet = InForce(setting, values) is not null,
        Source = values.SourceOf(setting),
        NeedsRestart = setting.NeedsRestart,
    };

    private static string? InForce(Setting setting, SettingValues values) =>
        values.FindText(setting) ?? (values.SourceOf(setting) == SettingSource.Default ? setting.DefaultText : null);

    private static JsonElement? ToJson(Setting setting, string? text) => (setting, text) switch
    {
        (_, null) => null,
        (NumberSetting number, _) => JsonSerializer.SerializeToElement(number.Read(text), WireJson.Default.Int32),
        (SwitchSetting isOn, _) => JsonSerializer.SerializeToElement(isOn.Read(text), WireJson.Default.Boolean),
        (ChoiceSetting choice, _) => JsonSerializer.SerializeToElement(choice.Read(text), WireJson.Default.String),
        _ => JsonSerializer.SerializeToElement(text, WireJson.Default.String),
    };
}
