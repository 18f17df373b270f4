using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Discovery;

/// <summary>One repository in a host's Hugging Face cache, as it really lies on the disk.</summary>
public sealed record CachedModel
{
    /// <summary>The repository.</summary>
    public required RepoId Repo { get; init; }

    /// <summary>The commit that <c>refs/main</c> names; null when there is none.</summary>
    public string? Revision { get; init; }

    /// <summary>Bytes on disk, links resolved, every file once, all revisions together.</summary>
    public ByteSize Size { get; init; }

    /// <summary>Whether everything that a server needs is there.</summary>
    public bool IsComplete { get; init; }

    /// <summary>What is missing, in words, for example "3 of 14 weight files"; null when complete.</summary>
    public string? Missing { get; init; }

    /// <summary>The text of the revision's <c>config.json</c>, not validated; null when it is absent or larger than 64 KiB.</summary>
    public string? ConfigJson { get; init; }
}
