namespace Appliance.Gateway.Bodies;

/// <summary>Some bytes of a body that are exchanged for others.</summary>
/// <param name="Start">The first byte that goes.</param>
/// <param name="Length">How many go.</param>
/// <param name="Text">What comes in their place.</param>
internal readonly record struct BodyEdit(long Start, long Length, ReadOnlyMemory<byte> Text);
