using System.Collections.Immutable;

namespace Appliance.Cluster.Discovery;

/// <summary>What the answer of <c>list-models.sh</c> says.</summary>
internal sealed record CacheListing
{
    /// <summary>Not an answer of that script at all.</summary>
    public static CacheListing Nothing { get; } = new();

    /// <summary>Whether the answer came whole: the last line says how many models it lists, and so many were there.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What kept the script from listing, in its own word; null when nothing did.</summary>
    public string? Obstacle { get; init; }

    /// <summary>The models, ordered by repository; one per repository.</summary>
    public ImmutableArray<CachedModel> Models { get; init; } = [];
}
