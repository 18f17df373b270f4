using System.Globalization;
using Appliance.Cluster.Metrics;
using Appliance.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Appliance.Gateway.Measuring;

/// <summary>Around everything else on a path of the gateway: opens the <see cref="RequestFacts"/> and adds them up when the request is over, however it ended.</summary>
internal sealed class RequestMeasurement(TimeProvider time, RequestMeter meter, RequestRing ring) : IEndpointFilter
{
    /// <summary>Says how long a request waited here: whole milliseconds before it was sent to the model server.</summary>
    public const string WaitHeader = "x-queue-ms";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        // The address is for the list of requests, which is in memory and off by default; keys put their name in its place.
        var facts = new RequestFacts(time, meter, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none") { Caller = ring.IsOn ? http.Features.Get<GatewayCaller>()?.Name ?? http.Connection.RemoteIpAddress?.ToString() : null };
        http.Features.Set(facts);
        http.Response.OnStarting(static state => WriteWait((HttpContext)state), http);
        var bytesIn = http.Request.ContentLength;
        object? result = null;
        try
        {
            result = await next(context);
            return result;
        }
        finally
        {
            facts.Fault = FindFault(http, facts);
            ring.Add(facts.End(http.Items[RequestIds.Header] as string ?? string.Empty, FindStatus(http, result), bytesIn));
        }
    }

    private static Task WriteWait(HttpContext context)
    {
        if (RequestFacts.Of(context) is { } facts && (facts.WasSent || facts.Waited > TimeSpan.Zero))
        {
            context.Response.Headers[WaitHeader] = ((long)facts.Waited.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        return Task.CompletedTask;
    }

    /// <summary>What nobody wrote down: a caller who left.</summary>
    private static RequestFault FindFault(HttpContext http, RequestFacts facts) =>
        facts.Fault != RequestFault.None || !http.RequestAborted.IsCancellationRequested ? facts.Fault
        : http.Response.HasStarted ? RequestFault.CallerLeftReading
        : RequestFault.CallerLeftWaiting;

    /// <summary>A result that is returned is written after us, so its status is not on the response yet.</summary>
    private static int FindStatus(HttpContext http, object? result) =>
        !http.Response.HasStarted && http.RequestAborted.IsCancellationRequested ? 0
        : result is IStatusCodeHttpResult { StatusCode: { } status } ? status
        : http.Response.StatusCode;
}
