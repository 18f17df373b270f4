using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

internal sealed record SwapProgressWire(SwapState State, double Progress, double? EtaSeconds)
{
    public static SwapProgressWire From(SwapJob job) => new(job.State, Math.Round(job.Progress, 1), job.Eta?.TotalSeconds);
}
