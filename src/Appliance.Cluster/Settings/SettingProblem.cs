namespace Appliance.Cluster.Settings;

/// <summary>Why a setting cannot be what somebody wants.</summary>
/// <param name="Key">The environment key of the setting that it is about.</param>
/// <param name="Message">A sentence for the owner. Never the value: it may be a secret.</param>
public sealed record SettingProblem(string Key, string Message);
