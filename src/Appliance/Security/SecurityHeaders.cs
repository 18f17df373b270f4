using Microsoft.AspNetCore.StaticAssets;

namespace Appliance.Security;

/// <summary>Headers on every answer, errors included.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    // Nothing inline, neither scripts nor styles. Blazor's pages need their <base href="/">: without it every address below /
    // loses its files. No upgrade-insecure-requests: it would break the plain HTTP of a LAN.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state => Write((HttpContext)state), context);
        return next(context);
    }

    private static Task Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        // What the gateway passes on from a model server has a stricter one; the framework's own for its pages is a weaker one.
        if (headers.ContentSecurityPolicy.Count == 0 || context.GetEndpoint()?.FindSecurityClass() != SecurityClass.Proxy)
        {
            headers.ContentSecurityPolicy = Policy;
        }

        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Nothing to other sites. Not no-referrer: with that, browsers send the forms of our own pages under the origin "null".
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";

        // A static file that was found sets its own: for ever when its name carries a fingerprint, else "ask again".
        var isFile = context.Response.StatusCode < StatusCodes.Status400BadRequest
            && context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;
        if (!isFile)
        {
            headers.CacheControl = "no-store";
        }
        else if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-cache";
        }

        return Task.CompletedTask;
    }
}
