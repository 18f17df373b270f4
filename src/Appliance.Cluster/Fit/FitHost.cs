using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Fit;

/// <summary>A host as the fit check sees it.</summary>
/// <param name="Name">The name people see.</param>
/// <param name="Total">All memory; null when the host has not told.</param>
/// <param name="Available">Memory that a new program could have now; null when the host has not told.</param>
/// <param name="GivenBack">What the lane's present model would free when it is gone; null when something runs there and nobody knows how much it holds.</param>
public sealed record FitHost(string Name, ByteSize? Total, ByteSize? Available, ByteSize? GivenBack);
