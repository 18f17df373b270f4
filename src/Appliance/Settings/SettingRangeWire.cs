namespace Appliance.Settings;

/// <summary>The smallest and the largest number, both included.</summary>
internal sealed record SettingRangeWire(int Min, int Max);
