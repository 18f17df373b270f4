using Appliance.Gateway.Bodies;
using Appliance.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Appliance.Gateway.OpenAi;

/// <summary>Around every endpoint of the dialect: request id, protective headers, and an error object whatever happens.</summary>
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
                return null;
            }

            if (BodyRefusal.Find(error) is { } bad)
            {
                await FailureWriter.WriteAsync(http, Failure.Of(bad));
                return null;
            }

            Failed(error, http.Request.Path, requestId);
            await FailureWriter.WriteAsync(http, Failure.Internal());
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Path} failed for {RequestId}")]
    private partial void Failed(Exception error, string path, string requestId);
}
