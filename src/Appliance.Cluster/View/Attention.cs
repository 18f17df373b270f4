namespace Appliance.Cluster.View;

/// <summary>Something that needs a person.</summary>
/// <param name="Title">A few words, for example "The Matrix bot crashed 3 times".</param>
/// <param name="Message">One or two sentences: what is known, and what is not affected.</param>
/// <param name="Advice">What to do; null when there is nothing to add.</param>
public sealed record Attention(string Title, string Message, string? Advice = null);
