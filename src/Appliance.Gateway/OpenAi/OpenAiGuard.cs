using Appliance.Gateway.Bodies;
using Appliance.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Appliance.Gateway.OpenAi;

/// <summary>
/// Around every endpoint of the dialect: request id, protective headers, and an error object whatever happens. What it wrote itself is followed by nothing:
/// <c>null</c> would be written as JSON behind it, which breaks off the connection.
/// </summary>
internal sealed partial class OpenAiGuard(ILogger<OpenAiGuard> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var requestId = RequestIds.Take(http);
        http.Items[RequestIds.Header] = requestId;
        HeaderRules.Protect(http.Response);
        try
        {
            return await next(context);
        }
        catch (Exception error) when (!http.Response.HasStarted && error is not UpstreamCutException)
        {
            if (http.RequestAborted.IsCancellationRequested)
            {
                return TypedResults.Empty;
            }

            if (BodyRefusal.Find(error) is { } bad)
            {
                await FailureWriter.WriteAsync(http, Failure.Of(bad));
                return TypedResults.Empty;
            }

            Failed(error, http.Request.Path, requestId);
            await FailureWriter.WriteAsync(http, Failure.Internal());
            return TypedResults.Empty;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Path} failed for {RequestId}")]
    private partial void Failed(Exception error, string path, string requestId);
}
