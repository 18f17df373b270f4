namespace Appliance.Cluster.Settings;

/// <summary>Carries a refusal out of the tree builder's nesting; never leaves <see cref="GuardedYaml"/>.</summary>
internal sealed class YamlRefusedException(YamlPlace place, string message) : Exception(message)
{
    public YamlPlace Place { get; } = place;
}
