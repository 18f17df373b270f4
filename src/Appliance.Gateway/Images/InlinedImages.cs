using System.Collections.Immutable;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.OpenAi;

namespace Appliance.Gateway.Images;

/// <summary>The pictures for a body, or why there are none.</summary>
/// <param name="Edits">What goes into the body.</param>
/// <param name="Share">The share of the memory that they take; dispose it with the body.</param>
/// <param name="Refusal">Why the request cannot be carried out; null when it can.</param>
internal sealed record InlinedImages(ImmutableArray<BodyEdit> Edits, IDisposable? Share, Failure? Refusal)
{
    public static InlinedImages None { get; } = new([], null, null);

    public static InlinedImages Refused(Failure refusal) => new([], null, refusal);
}
