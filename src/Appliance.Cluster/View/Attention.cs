using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.View;

/// <summary>Something that needs a person.</summary>
/// <param name="Title">A few words, for example "The Matrix bot crashed 3 times".</param>
/// <param name="Message">One or two sentences: what is known, and what is not affected.</param>
/// <param name="Advice">What to do; null when there is nothing to add.</param>
public sealed record Attention(string Title, string Message, string? Advice = null)
{
    /// <summary>The job that it is about; null when it is about no change. The page tells of a change in a card of its own.</summary>
    public SwapJobId? Change { get; init; }
}
