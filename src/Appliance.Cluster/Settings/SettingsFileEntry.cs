namespace Appliance.Cluster.Settings;

/// <summary>One line of <c>app_settings.json</c>.</summary>
/// <param name="Key">The key in capitals, as the environment spells it.</param>
/// <param name="Text">The value as a person would type it: <c>true</c>, <c>60</c>, a text.</param>
/// <param name="Raw">The value as JSON, to be written back as it was when nobody knows the key.</param>
/// <param name="Place">Where the key stands.</param>
internal sealed record SettingsFileEntry(string Key, string Text, string Raw, YamlPlace Place);
