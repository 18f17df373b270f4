using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;

namespace Appliance.Reservations;

/// <summary>The token that a caller shows: in a header or in the body, never in the address, which is written into logs (threat T-29).</summary>
internal static class SwapToken
{
    public const string Header = "X-Swap-Token";

    /// <summary>What was sent, the header first; null when nothing was, or nothing but an empty text (an unset variable in a script).</summary>
    public static string? Find(HttpRequest request, string? inBody)
    {
        var sent = request.Headers[Header];
        var token = sent.Count > 0 ? sent.ToString() : inBody;
        return string.IsNullOrEmpty(token) ? null : token;
    }

    /// <summary>What the caller shows to be let past a reservation.</summary>
    public static LanePass PassOf(HttpRequest request, string? inBody = null, bool isForced = false) =>
        new() { Token = Find(request, inBody) is { } token ? TokenHash.Of(token) : null, IsForced = isForced };
}
