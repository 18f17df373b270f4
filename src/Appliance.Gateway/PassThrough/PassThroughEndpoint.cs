using System.Net;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Appliance.Gateway.PassThrough;

/// <summary>Request in, upstream out: the one way of every row of <see cref="PassThroughTable"/>.</summary>
internal sealed partial class PassThroughEndpoint(
    IUpstreams upstreams,
    GatewayTraffic traffic,
    RequestReader reader,
    IHttpForwarder forwarder,
    UpstreamClient client,
    ILogger<PassThroughEndpoint> logger)
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
            await ForwardAsync(context, route, upstream, request, lease.Cut);
        }
    }

    private static Failure Explain(UpstreamMatch match, string? model) => match switch
    {
        UpstreamMatch.Loading(var upstream) => Failure.Loading(upstream),
        UpstreamMatch.Unavailable(var reason) => Failure.Unavailable(reason),
        UpstreamMatch.Unknown(var known) => Failure.UnknownModel(model ?? "default", known),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task ForwardAsync(HttpContext context, PassThroughRoute route, Upstream upstream, ReceivedRequest request, CancellationToken cut)
    {
        await using var body = request.ForUpstream(upstream.ServedName);
        var contentType = context.Request.ContentType;
        var requestId = (string)context.Items[RequestIds.Header]!;
        var transformer = new UpstreamTransformer(route, upstream, requestId, body.TotalLength, contentType) { Cut = cut };
        context.Request.Body = body;
        context.Request.Headers.Remove("Upgrade");
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var settings = new ForwarderRequestConfig
        {
            ActivityTimeout = route.Silence,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            AllowResponseBuffering = false,
        };
        var error = await forwarder.SendAsync(context, upstream.Address.AbsoluteUri, client.Invoker, settings, transformer, cut);
        if (context.RequestAborted.IsCancellationRequested && !transformer.StreamWasCut)
        {
            CallerLeft(upstream.Id, requestId);
        }
        else if (transformer.StreamWasCut)
        {
            if (cut.IsCancellationRequested)
            {
                CutForChange(upstream.Id, requestId);
            }
            else
            {
                StreamCut(upstream.Id, requestId);
            }

            throw new UpstreamCutException();
        }
        else if (error != ForwarderError.None && cut.IsCancellationRequested)
        {
            // An answer that has begun ends without its end: the forwarder has broken the connection.
            CutForChange(upstream.Id, requestId);
            if (!context.Response.HasStarted)
            {
                await FailureWriter.WriteAsync(context, Failure.Cut());
            }
        }
        else if (error != ForwarderError.None)
        {
            var cause = context.GetForwarderErrorFeature()?.Exception;
            NotForwarded(cause, upstream.Id, error, requestId);
            if (!context.Response.HasStarted)
            {
                await FailureWriter.WriteAsync(context, Explain(error, cause, upstream));
            }
        }
    }

    private static Failure Explain(ForwarderError error, Exception? cause, Upstream upstream) => error switch
    {
        ForwarderError.Request when cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } =>
            Failure.Unavailable($"The server behind '{upstream.ModelId ?? upstream.Id}' does not accept connections."),
        ForwarderError.RequestTimedOut or ForwarderError.ResponseBodyCanceled or ForwarderError.RequestBodyCanceled => Failure.UpstreamSilent(),
        _ => Failure.UpstreamBroke(),
    };

    [LoggerMessage(LogLevel.Debug, "The caller of {RequestId} left; {Upstream} was told to stop")]
    private partial void CallerLeft(string upstream, string requestId);

    [LoggerMessage(LogLevel.Warning, "{Upstream} broke off in the middle of its streamed answer to {RequestId}")]
    private partial void StreamCut(string upstream, string requestId);

    [LoggerMessage(LogLevel.Information, "The answer of {Upstream} to {RequestId} was cut off for a change of the model")]
    private partial void CutForChange(string upstream, string requestId);

    [LoggerMessage(LogLevel.Warning, "{Upstream} did not answer {RequestId} ({Error})")]
    private partial void NotForwarded(Exception? cause, string upstream, ForwarderError error, string requestId);
}
