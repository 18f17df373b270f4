using System.Collections.Immutable;

namespace Appliance.Cluster.Routing;

/// <summary>An alias, and whom it reaches at this moment.</summary>
/// <param name="Name">The alias.</param>
/// <param name="Models">The owner's list, the preferred model first; empty for a fixed alias, and for a built-in one that means what it means by itself.</param>
/// <param name="Port">The port that a fixed alias stands for; null for the others.</param>
/// <param name="Now">What a request with this name would meet.</param>
public sealed record KnownAlias(string Name, ImmutableArray<string> Models, int? Port, UpstreamMatch Now)
{
    /// <summary>The server that answers for it now, or null.</summary>
    public Upstream? Server => (Now as UpstreamMatch.Serving)?.Upstream;

    /// <summary>Whether the owner made it: by a list, or in cluster.yaml. The others are there anyway.</summary>
    public bool IsOwn => Port is not null || !Models.IsEmpty;
}
