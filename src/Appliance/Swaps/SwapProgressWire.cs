using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

internal sealed record SwapProgressWire(SwapState State, double Progress, double? EtaSeconds)
{
    public static SwapProgressWire From(SwapJob job) => new(job.State, job.Progress, job.Eta?.TotalSeconds);
}
