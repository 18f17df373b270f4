using Appliance.Gateway.Bodies;
using Appliance.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Appliance.Gateway.OpenAi;

/// <summary>Around every endpoint of the dialect: request id, protective headers, and an error object whatever happens.</summary>
internal sealed partial class OpenAiGuard(ILogger<OpenAiGuard> logger)
{
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var requestId = RequestIds.Take(context);
        HeaderRules.Protect(context.Response);
        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted && error is not UpstreamCutException)
        {
            if (context.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            if (BodyRefusal.Find(error) is { } bad)
            {
                await FailureWriter.WriteAsync(context, Failure.Of(bad));
                return;
            }

            Failed(error, context.Request.Path, requestId);
            await FailureWriter.WriteAsync(context, Failure.Internal());
        }
    }

    [LoggerMessage(LogLevel.Error, "{Path} failed for {RequestId}")]
    private partial void Failed(Exception error, string path, string requestId);
}
