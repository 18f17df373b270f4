namespace Appliance.Swaps;

/// <summary>Why nothing was done, for the owner.</summary>
/// <param name="Title">A few words.</param>
/// <param name="Message">One or two sentences.</param>
/// <param name="Advice">What to do; null when there is nothing to add.</param>
public sealed record RefusalText(string Title, string Message, string? Advice = null);
