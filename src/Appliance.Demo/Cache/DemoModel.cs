using System.Collections.Immutable;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;

namespace Appliance.Demo.Cache;

/// <summary>A model in a simulated cache. Sizes are those of the real repositories.</summary>
public sealed record DemoModel
{
    /// <summary>The repository.</summary>
    public required RepoId Repo { get; init; }

    /// <summary>Bytes on disk.</summary>
    public required ByteSize Size { get; init; }

    /// <summary>How many weight files the index names.</summary>
    public required int Shards { get; init; }

    /// <summary>How many of them are not there.</summary>
    public int MissingShards { get; init; }

    /// <summary>What it can do.</summary>
    public required ImmutableArray<Capability> Capabilities { get; init; }

    /// <summary>The longest prompt plus answer that it was trained for, in tokens.</summary>
    public required int MaxModelLength { get; init; }

    /// <summary>How fast it writes on a Spark, for one reader (community numbers: spark-vllm-docker.md section 7).</summary>
    public double TokensPerSecond { get; init; } = 40;

    /// <summary>The text of its <c>config.json</c>.</summary>
    public required string ConfigJson { get; init; }

    /// <summary>The commit: 40 hex digits, the same on every host.</summary>
    public string Revision => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Repo.ToString())).AsSpan(0, 20));
}
