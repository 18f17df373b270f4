using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

internal sealed record LoadEstimateWire(double P50Seconds, double P90Seconds, int Samples)
{
    public static LoadEstimateWire From(LoadEstimate estimate) => new(estimate.P50.TotalSeconds, estimate.P90.TotalSeconds, estimate.Samples);
}
