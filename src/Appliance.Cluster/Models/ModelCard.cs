using System.Collections.Immutable;
using Appliance.Cluster.Fit;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;

namespace Appliance.Cluster.Models;

/// <summary>One model on the menu: what is on the disks, joined with how it is served.</summary>
public sealed record ModelCard
{
    /// <summary>The id.</summary>
    public required ModelId Id { get; init; }

    /// <summary>The repository it was downloaded from.</summary>
    public required RepoId Repo { get; init; }

    /// <summary>The name people see.</summary>
    public required string Name { get; init; }

    /// <summary>What can be done with it.</summary>
    public required ModelState State { get; init; }

    /// <summary>The copies on the hosts' disks.</summary>
    public required ImmutableArray<LocalCopy> Copies { get; init; }

    /// <summary>How it is served; null when nobody has said (<see cref="ModelState.NeedsSetup"/>).</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>What it can do, from the recipe or else from its own files.</summary>
    public ImmutableArray<Capability> Capabilities { get; init; } = [];

    /// <summary>The longest prompt plus answer, in tokens; null when unknown.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Memory for every token of a conversation, an upper bound; null when its files do not say. 2 bytes a value, 1 with an fp8 cache.</summary>
    public long? CacheBytesPerToken { get; init; }

    /// <summary>Whether it fits on the main lane's hosts; null while that cannot be said.</summary>
    public FitVerdict? Fit { get; init; }

    /// <summary>The size of the largest copy.</summary>
    public ByteSize Size => Copies.IsEmpty ? ByteSize.Zero : Copies.Max(copy => copy.Size);
}
