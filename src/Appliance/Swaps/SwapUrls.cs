using Appliance.Cluster.Primitives;

namespace Appliance.Swaps;

/// <summary>Paths, not whole addresses: the caller knows under which name it reached us, a proxy in between may not tell.</summary>
internal static class SwapUrls
{
    public static string Of(SwapJobId id) => $"/api/swap/{id}";

    public static string EventsOf(SwapJobId id) => $"/api/swap/{id}/events";
}
