namespace Appliance.Settings;

/// <summary>Why one setting cannot be what was asked for.</summary>
internal sealed record SettingErrorWire(string Key, string Message);
