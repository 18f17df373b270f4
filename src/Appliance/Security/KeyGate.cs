using Appliance.Cluster.Keys;
using Appliance.Gateway.Measuring;
using Appliance.Gateway.OpenAi;
using Appliance.Problems;

namespace Appliance.Security;

/// <summary>
/// Gate step 0 of the design, after routing because the class of the endpoint decides: a call that needs a key and has none that is good enough goes no
/// further (threat T-40). Off by default, and then nothing is refused.
/// </summary>
internal sealed class KeyGate(RequestDelegate next, KeyBook keys, BrowserPass pass, WrongKeys wrong, OpenCalls calls)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint || endpoint.FindSecurityClass() is not { } securityClass)
        {
            // Nothing is there, or not for this method or type of body; the answer says so whoever asks. No endpoint of ours is without a class.
            return next(context);
        }

        var presented = PresentedKey.Find(context.Request);
        var key = keys.Find(presented) ?? pass.Find(context);
        var needed = KeyRules.FindNeeded(securityClass, keys.Demand);
        if (needed is { } scope && (key is null || key.Scope < scope))
        {
            return RefuseAsync(context, securityClass, key is null ? WhyNobody(context, presented) : KeyRefusals.NotEnough(scope));
        }

        if (key is not null)
        {
            context.Features.Set(key);
            context.Features.Set(new GatewayCaller(key.Name));
        }

        return calls.RunAsync(context, securityClass, key, next);
    }

    private Refusal WhyNobody(HttpContext context, string? presented)
    {
        if (presented is null)
        {
            return KeyRefusals.Missing;
        }

        if (wrong.Note(context.Connection.RemoteIpAddress) is { } wait)
        {
            RetryAfter.Say(context.Response, wait);
            return KeyRefusals.TooMany;
        }

        return KeyRefusals.Wrong;
    }

    private static Task RefuseAsync(HttpContext context, SecurityClass securityClass, Refusal refusal)
    {
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        switch (securityClass)
        {
            case SecurityClass.Page when HttpMethods.IsGet(context.Request.Method) && !PageConnection.Is(context.Request):
                context.Response.Headers.Remove("WWW-Authenticate");
                context.Response.Redirect(SignInPaths.To(context.Request));
                return Task.CompletedTask;
            case SecurityClass.Proxy when Dialects.Of(context.Request.Path) == Dialect.OpenAi:
                Answer.NoteCode(context, refusal);
                return GatewayRefusal.WriteAsync(context, refusal.Status, refusal.Code, refusal.Advice is null ? refusal.Detail : $"{refusal.Detail} {refusal.Advice}");
            default:
                return Answer.WriteAsync(context, refusal);
        }
    }
}
