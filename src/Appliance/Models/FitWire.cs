using Appliance.Cluster.Fit;

namespace Appliance.Models;

internal sealed record FitWire(bool Ok, long NeededBytes, long AvailableBytes, string Why, bool Estimated)
{
    public static FitWire From(FitVerdict fit) => new(fit.IsOk, fit.Needed.Bytes, fit.Available.Bytes, fit.Why, fit.IsEstimated);
}
