namespace Appliance.Cluster.Routing;

/// <summary>What became of a wish for a model.</summary>
public abstract record WishOutcome
{
    private WishOutcome()
    {
    }

    /// <summary>The model is on its way, or answers already.</summary>
    /// <param name="Interest">Keeps the wish alive until it is disposed.</param>
    public sealed record Joined(ModelInterest Interest) : WishOutcome;

    /// <summary>It will not be loaded now.</summary>
    /// <param name="Code">A stable word for programs, the same as of <c>POST /api/swap</c>.</param>
    /// <param name="Reason">One or two sentences for the caller.</param>
    public sealed record Refused(string Code, string Reason) : WishOutcome
    {
        /// <summary>When it may be worth to ask again; null when nobody knows.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }
}
