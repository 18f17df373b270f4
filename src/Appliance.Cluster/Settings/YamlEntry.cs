namespace Appliance.Cluster.Settings;

/// <summary>One entry of a map.</summary>
/// <param name="Key">The key.</param>
/// <param name="KeyPlace">Where the key begins.</param>
/// <param name="Value">The value.</param>
public sealed record YamlEntry(string Key, YamlPlace KeyPlace, YamlNode Value);
