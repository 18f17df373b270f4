namespace Appliance.Metrics;

/// <summary>How many values are at most <c>le</c>; without it: all of them.</summary>
internal sealed record BucketWire(double? Le, long Count);
