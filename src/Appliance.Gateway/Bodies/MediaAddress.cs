namespace Appliance.Gateway.Bodies;

/// <summary>A picture that a body only names.</summary>
/// <param name="Start">Where the JSON text of its address begins.</param>
/// <param name="Length">How many bytes it takes, quotes included.</param>
/// <param name="Text">The address.</param>
internal sealed record MediaAddress(long Start, long Length, string Text);
