namespace Appliance.Cluster.Settings;

/// <summary>What a setting's value looks like; decides how a page asks for it. Words on the wire are the same in snake_case.</summary>
public enum SettingKind
{
    /// <summary>Free words on one line.</summary>
    Text,

    /// <summary>A whole number within a range.</summary>
    Number,

    /// <summary>On or off.</summary>
    Switch,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>An http or https address.</summary>
    Address,

    /// <summary>Words that are never shown again once they are stored.</summary>
    Secret,
}
