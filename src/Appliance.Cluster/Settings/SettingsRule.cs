namespace Appliance.Cluster.Settings;

/// <summary>What must hold between settings that are each good by themselves, for example that two machines are not the same one.</summary>
/// <param name="Check">What is wrong with these values; empty when nothing is. Pure.</param>
public sealed record SettingsRule(Func<SettingValues, IEnumerable<SettingProblem>> Check);
