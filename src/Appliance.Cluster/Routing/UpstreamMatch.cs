using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Routing;

/// <summary>What was found for a model name.</summary>
public abstract record UpstreamMatch
{
    private UpstreamMatch()
    {
    }

    /// <summary>This server answers for it now.</summary>
    /// <param name="Upstream">The server.</param>
    public sealed record Serving(Upstream Upstream) : UpstreamMatch;

    /// <summary>Its model is being loaded.</summary>
    /// <param name="Upstream">The server, with progress.</param>
    public sealed record Loading(Upstream Upstream) : UpstreamMatch;

    /// <summary>The model is known, but nobody answers for it now.</summary>
    /// <param name="Reason">One sentence for the caller.</param>
    public sealed record Unavailable(string Reason) : UpstreamMatch
    {
        /// <summary>The model that would answer if it were started; null when starting one would not help, or nobody said which.</summary>
        public ModelId? Wanted { get; init; }
    }

    /// <summary>No such model.</summary>
    /// <param name="Known">The names that would work now.</param>
    public sealed record Unknown(ImmutableArray<string> Known) : UpstreamMatch
    {
        /// <summary>What the model is for, when there is one of this name and it only cannot do what was asked; null when there is none.</summary>
        public UpstreamTask? MeantFor { get; init; }
    }
}
