namespace Appliance.Cluster.Swaps;

/// <summary>How long a model took to come up on these hosts, from its own successful starts.</summary>
/// <param name="P50">Half of the starts took at most this long.</param>
/// <param name="P90">Nine of ten took at most this long.</param>
/// <param name="Samples">How many starts were measured.</param>
public sealed record LoadEstimate(TimeSpan P50, TimeSpan P90, int Samples);
