using Appliance.Cluster.Metrics;
using Appliance.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Gateway.OpenAi;

/// <summary>For the host in front of the gateway: refuses a request for one of its paths in the dialect of that path, and counts it.</summary>
public static class GatewayRefusal
{
    /// <summary>Answers that the caller may not do this.</summary>
    /// <param name="context">The request; its endpoint is chosen and nothing of the answer is sent.</param>
    /// <param name="status">401, 403 or 429.</param>
    /// <param name="code">A stable word for programs.</param>
    /// <param name="message">One or two sentences for a person.</param>
    public static async Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        var services = context.RequestServices;
        var time = services.GetRequiredService<TimeProvider>();
        services.GetRequiredService<RequestMeter>().Add(new RequestRecord
        {
            StartedAt = time.GetUtcNow(),
            RequestId = RequestIds.Take(context),
            Route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none",
            Status = status,
            Fault = RequestFault.NotAllowed,
            Duration = TimeSpan.Zero,
        });
        HeaderRules.Protect(context.Response);
        await FailureWriter.WriteAsync(context, Failure.NotAllowed(status, code, message));
    }
}
