using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

internal sealed record SwapErrorWire(string Code, string Message, string? Advice, IReadOnlyList<string> LogTail)
{
    public static SwapErrorWire From(SwapFailure failure) => new(failure.Code, failure.Message, failure.Advice, failure.LogTail);
}
