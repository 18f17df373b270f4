using Appliance.Problems;

namespace Appliance.Security;

/// <summary>
/// The one gate that every request passes before anything looks at its path: strict HTTP, then the host allow-list, then the
/// origin rule. What depends on the endpoint (content type, limits) is checked after routing, in <see cref="BodyRules"/>.
/// </summary>
internal sealed class RequestGate(RequestDelegate next, HostAllowList allowedHosts)
{
    public Task InvokeAsync(HttpContext context) =>
        Check(context) is { } refusal ? Answer.WriteAsync(context, refusal) : next(context);

    private Refusal? Check(HttpContext context)
    {
        if (StrictHttp.Check(context) is { } refusal)
        {
            return refusal;
        }

        var host = Authority.TryParse(context.Request.Headers.Host[0]!);
        return host is null || !allowedHosts.Allows(host, context.Connection.LocalPort)
            ? Refusal.ForeignHost
            : OriginRule.Check(context, host);
    }
}
