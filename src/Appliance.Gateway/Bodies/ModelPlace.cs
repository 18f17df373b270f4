namespace Appliance.Gateway.Bodies;

/// <summary>Which bytes of a body the model's name takes: an existing value, or a gap behind the opening brace.</summary>
/// <param name="Start">The first byte that is replaced.</param>
/// <param name="Length">How many bytes are replaced; 0 for a gap.</param>
/// <param name="IsGap">The key itself is missing.</param>
/// <param name="IsAlone">For a gap: nothing else stands in the object, so no comma follows.</param>
internal readonly record struct ModelPlace(long Start, long Length, bool IsGap, bool IsAlone);
