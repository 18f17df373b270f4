using Appliance.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Appliance.Security;

/// <summary>
/// Gate steps 4 to 6, after routing: bodies are JSON unless the endpoint says what else it takes (so a form or
/// <c>text/plain</c> from a foreign page never parses), and no larger than the endpoint's class allows.
/// </summary>
internal sealed class BodyRules(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        Check(context) is { } refusal ? Answer.WriteAsync(context, refusal) : next(context);

    private static Refusal? Check(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        // SignalR posts text/plain there; the origin rule covers all of it.
        if (PageConnection.Is(request))
        {
            return null;
        }

        return CheckLength(context) ?? CheckType(context);
    }

    private static Refusal? CheckLength(HttpContext context)
    {
        var limits = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        var endpoint = context.GetEndpoint();
        if (limits is { IsReadOnly: false } && endpoint?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is null)
        {
            limits.MaxRequestBodySize = BodyLimits.Of(endpoint?.FindSecurityClass());
        }

        if (context.Request.ContentLength is not { } length || !(length > limits?.MaxRequestBodySize))
        {
            return null;
        }

        // Most clients read the answer only when they have sent everything, and see a broken connection if it ends before. So the server may read (and
        // throw away) what comes after the answer; it does so for five seconds at most.
        if (limits is { IsReadOnly: false } && length <= BodyLimits.ThrownAway)
        {
            limits.MaxRequestBodySize = length;
        }

        return Refusal.TooLarge;
    }

    private static Refusal? CheckType(HttpContext context)
    {
        // The gateway takes JSON on some paths and forms on others, and refuses in its own words.
        if (context.GetEndpoint()?.FindSecurityClass() == SecurityClass.Proxy)
        {
            return null;
        }

        var text = context.Request.ContentType;
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;
        if (string.IsNullOrEmpty(text))
        {
            return hasBody ? Refusal.WrongType : null;
        }

        if (!MediaTypeHeaderValue.TryParse(text, out var sent))
        {
            return Refusal.WrongType;
        }

        if (sent.Charset.HasValue)
        {
            // JSON is UTF-8 (RFC 8259, 8.1), and so are the forms of our pages.
            if (!HeaderUtilities.RemoveQuotes(sent.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            {
                return Refusal.WrongType;
            }

            // With quotes, which are allowed, the framework takes it for an unknown one.
            sent.Charset = "utf-8";
            context.Request.ContentType = sent.ToString();
        }

        var accepted = context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes ?? ["application/json"];
        return accepted.Any(type => sent.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)) ? null : Refusal.WrongType;
    }
}
