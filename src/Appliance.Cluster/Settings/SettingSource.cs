namespace Appliance.Cluster.Settings;

/// <summary>Where a value comes from, weakest first. Words on the wire are the same in snake_case.</summary>
public enum SettingSource
{
    /// <summary>Nobody set it.</summary>
    Default,

    /// <summary>The environment key, at the start.</summary>
    Environment,

    /// <summary><c>app_settings.json</c>: the page, the API or a person's editor.</summary>
    File,
}
