using Appliance.Cluster.Routing;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.OpenAi;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.PassThrough;

/// <summary>Request in, upstream out: the one way of every row of <see cref="PassThroughTable"/>.</summary>
internal sealed class PassThroughEndpoint(
    IUpstreams upstreams,
    GatewayTraffic traffic,
    RequestReader reader,
    UpstreamForwarder forwarder)
{
    public async Task HandleAsync(HttpContext context, PassThroughRoute route)
    {
        // 1. The whole body: its last byte may be the one that forbids it.
        var (request, refusal) = await reader.ReadAsync(context, route);
        if (request is null)
        {
            await FailureWriter.WriteAsync(context, refusal!);
            return;
        }

        using (request)
        {
            // 2. Who answers.
            var match = upstreams.Find(request.Model, route.Task);
            if (match is not UpstreamMatch.Serving { Upstream: var upstream })
            {
                await FailureWriter.WriteAsync(context, Explain(match, request.Model));
                return;
            }

            // 3. Counted first, then asked again: a drain that began in between sees this request, or this request sees the drain.
            using var lease = traffic.Begin(upstream.Id);
            match = upstreams.Find(request.Model, route.Task);
            if (match is not UpstreamMatch.Serving { Upstream: var still } || still.Id != upstream.Id || still.ServedName != upstream.ServedName)
            {
                await FailureWriter.WriteAsync(context, match is UpstreamMatch.Serving ? Failure.Unavailable("The model was just exchanged for another. Try again.") : Explain(match, request.Model));
                return;
            }

            // 4. Off it goes.
            await forwarder.SendAsync(context, route, upstream, request, lease.Cut);
        }
    }

    private static Failure Explain(UpstreamMatch match, string? model) => match switch
    {
        UpstreamMatch.Loading(var upstream) => Failure.Loading(upstream),
        UpstreamMatch.Unavailable(var reason) => Failure.Unavailable(reason),
        UpstreamMatch.Unknown(var known) => Failure.UnknownModel(model ?? "default", known),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
