using Appliance.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace Appliance.Security;

/// <summary>
/// Gate step 3: a page of another origin may not change anything, and may not open a circuit (browsers apply no CORS to
/// WebSockets). A browser always says where such a request comes from: over plain HTTP on a LAN with <c>Origin</c> only,
/// else with <c>Sec-Fetch-Site</c> too. A program sends neither and is let in.
/// </summary>
internal static class OriginRule
{
    public static Refusal? Check(HttpContext context, Authority host)
    {
        if (!Applies(context))
        {
            return null;
        }

        var headers = context.Request.Headers;
        var site = headers["Sec-Fetch-Site"];
        if (site.Count > 0 && site.Any(value => value is not ("same-origin" or "none")))
        {
            return Refusal.ForeignOrigin;
        }

        var origin = headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && IsOurs(origin[0]!, host)) ? null : Refusal.ForeignOrigin;
    }

    private static bool Applies(HttpContext context)
    {
        var method = context.Request.Method;
        var isSafe = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        return !isSafe
            || context.Request.Headers.Upgrade.Count > 0
            || context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
            || PageConnection.Is(context.Request);
    }

    // The scheme is not compared: behind a proxy that speaks https we see http.
    private static bool IsOurs(string origin, Authority host) =>
        IsAt(origin, "http://", 80, host) || IsAt(origin, "https://", 443, host);

    private static bool IsAt(string origin, string scheme, int usualPort, Authority host) =>
        origin.StartsWith(scheme, StringComparison.Ordinal)
        && Authority.TryParse(origin[scheme.Length..]) is { } from
        && from.IsSamePlace(host, usualPort);
}
