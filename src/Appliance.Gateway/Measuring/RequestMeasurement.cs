using System.Globalization;
using Appliance.Cluster.Metrics;
using Appliance.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Appliance.Gateway.Measuring;

/// <summary>Around everything else on a path of the gateway: opens the <see cref="RequestFacts"/> and adds them up when the request is over, however it ended.</summary>
internal sealed class RequestMeasurement(TimeProvider time, RequestMeter meter, RequestRing ring)
{
    /// <summary>Says how long a request waited here: whole milliseconds before it was sent to the model server.</summary>
    public const string WaitHeader = "x-queue-ms";

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        // The address is for the list of requests, which is in memory and off by default; keys put their name in its place.
        var facts = new RequestFacts(time, meter, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none") { Caller = ring.IsOn ? context.Features.Get<GatewayCaller>()?.Name ?? context.Connection.RemoteIpAddress?.ToString() : null };
        context.Features.Set(facts);
        context.Response.OnStarting(static state => WriteWait((HttpContext)state), context);
        var bytesIn = context.Request.ContentLength;
        try
        {
            await next(context);
        }
        finally
        {
            facts.Fault = FindFault(context, facts);
            ring.Add(facts.End(RequestIds.Of(context), FindStatus(context), bytesIn));
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
    private static RequestFault FindFault(HttpContext context, RequestFacts facts) =>
        facts.Fault != RequestFault.None || !context.RequestAborted.IsCancellationRequested ? facts.Fault
        : context.Response.HasStarted ? RequestFault.CallerLeftReading
        : RequestFault.CallerLeftWaiting;

    /// <summary>0 where nobody was left to be answered.</summary>
    private static int FindStatus(HttpContext context) =>
        !context.Response.HasStarted && context.RequestAborted.IsCancellationRequested ? 0 : context.Response.StatusCode;
}
