using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>What came out of reading a file: a tree, or the reasons why there is none.</summary>
/// <param name="Root">The tree; null for an empty file and for a bad one.</param>
/// <param name="Problems">What is wrong, one sentence each with line and column; empty when all is well.</param>
public sealed record YamlReading(YamlNode? Root, ImmutableArray<string> Problems)
{
    /// <summary>Whether the file could be read.</summary>
    public bool IsOk => Problems.IsEmpty;
}
