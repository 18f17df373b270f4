using System.Text.Json;
using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

internal static class StateWords
{
    public static string Of(SwapState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
