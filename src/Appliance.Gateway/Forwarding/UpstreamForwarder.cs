using System.Net;
using System.Net.Sockets;
using Appliance.Cluster.Metrics;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Limits;
using Appliance.Gateway.Measuring;
using Appliance.Gateway.OpenAi;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Appliance.Gateway.Forwarding;

/// <summary>Sends a request that was read and matched to its upstream, and the answer to its caller, as it comes.</summary>
internal sealed partial class UpstreamForwarder(
    IHttpForwarder forwarder, UpstreamClient client, UpstreamCircuits circuits, Tunnels tunnels, TimeProvider time, ILogger<UpstreamForwarder> logger)
{
    /// <summary>How long a stream that is cut may take for its last event.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Ends when the answer is out, in whatever way. Throws <see cref="UpstreamCutException"/> for a stream that broke, so that the connection ends without a
    /// proper end as well.
    /// </summary>
    /// <param name="context">The caller.</param>
    /// <param name="route">The row.</param>
    /// <param name="admission">Who answers, and by what right it is asked.</param>
    /// <param name="request">The request, which is given back when it was sent.</param>
    public async Task SendAsync(HttpContext context, PassThroughRoute route, Admission admission, ReceivedRequest request)
    {
        var (upstream, cut) = (admission.Upstream, admission.Lease.Cut);
        RequestFacts.Of(context)?.SendTo(upstream);
        using var tunnel = route.IsTunnel ? tunnels.TryOpen() : null;
        if (route.IsTunnel && tunnel is null)
        {
            await FailureWriter.WriteAsync(context, Failure.Overloaded());
            return;
        }

        await using var body = request.ForUpstream(upstream.ServedName);
        var contentType = context.Request.ContentType;
        if (body is not NoBody)
        {
            context.Request.Body = body;
        }

        if (!route.IsTunnel)
        {
            context.Request.Headers.Remove("Upgrade");
        }

        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        var began = time.GetTimestamp();
        var (error, transformer) = await TryAsync(context, route, admission, body, contentType);
        if (error == ForwarderError.Request && !cut.IsCancellationRequested && MayRepeat(context, transformer, body))
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            (error, transformer) = await TryAsync(context, route, admission, body, contentType);
        }

        if (transformer.HasAnswered)
        {
            circuits.Reached(upstream);
        }
        else if (error != ForwarderError.None && IsNoConnection(context.GetForwarderErrorFeature()?.Exception))
        {
            circuits.Failed(upstream, began);
        }

        admission.Turn?.IsOverload |= error == ForwarderError.RequestTimedOut;
        await TellAsync(context, upstream, error, transformer, cut);
    }

    private async ValueTask<(ForwarderError Error, UpstreamTransformer Transformer)> TryAsync(
        HttpContext context, PassThroughRoute route, Admission admission, OutgoingBody body, string? contentType)
    {
        var (upstream, cut) = (admission.Upstream, admission.Lease.Cut);
        // A stream ends itself with an error event when it is cut; only a caller who does not take even that is broken off.
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        // The forwarder's own limit counts every stage alike, so it is the longer one; whoever waits for the shorter one ends it earlier.
        using var firstByte = route.FirstByte < route.Idle ? new FirstByteLimit(route.FirstByte, stop.Token) : null;
        var transformer = new UpstreamTransformer(route, upstream, RequestIds.Of(context), body, contentType, firstByte)
        {
            Cut = cut,
            Turn = admission.Turn,
            Time = time,
        };
        await using var cutting = cut.UnsafeRegister(
            static state =>
            {
                var (stop, transformer) = ((CancellationTokenSource, UpstreamTransformer))state!;
                stop.CancelAfter(transformer.IsStream ? LastWord : TimeSpan.Zero);
            },
            (stop, transformer));
        var settings = new ForwarderRequestConfig
        {
            ActivityTimeout = route.FirstByte > route.Idle ? route.FirstByte : route.Idle,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            AllowResponseBuffering = false,
        };
        var error = await forwarder.SendAsync(context, upstream.Address.AbsoluteUri, client.Invoker, settings, transformer, firstByte?.Token ?? stop.Token);
        return (error, transformer);
    }

    /// <summary>Only what surely was not sent is sent again, and only once: a second generation would cost the owner as much as the first.</summary>
    private static bool MayRepeat(HttpContext context, UpstreamTransformer transformer, OutgoingBody body) =>
        !transformer.HasAnswered && !body.WasRead && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested
        && context.GetForwarderErrorFeature()?.Exception is HttpRequestException
        {
            InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.ConnectionAborted },
        };

    private async Task TellAsync(HttpContext context, Upstream upstream, ForwarderError error, UpstreamTransformer transformer, CancellationToken cut)
    {
        var requestId = RequestIds.Of(context);
        if (RequestFacts.Of(context) is { Fault: RequestFault.None } facts)
        {
            facts.Fault = error != ForwarderError.None && cut.IsCancellationRequested ? RequestFault.CutBySwap : ForwarderFaults.Of(error, context.Response.HasStarted);
        }

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
            if (BodyRefusal.Find(cause) is { } refusal)
            {
                // Not the upstream's fault: the rest of the request was too large, too slow, cut short or not a form.
                await RefuseAsync(context, refusal);
                return;
            }

            NotForwarded(cause, upstream.Id, error, requestId);
            if (!context.Response.HasStarted)
            {
                await FailureWriter.WriteAsync(context, Explain(error, cause, upstream));
            }
        }
    }

    private static Task RefuseAsync(HttpContext context, BadHttpRequestException refusal) =>
        context.Response.HasStarted ? Task.CompletedTask : FailureWriter.WriteAsync(context, Failure.Of(refusal));

    /// <summary>No connection could be made: refused, no way there, no such name, or nobody answered the first packet in time.</summary>
    internal static bool IsNoConnection(Exception? cause) => cause
        is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        or OperationCanceledException { InnerException: TimeoutException };

    private static Failure Explain(ForwarderError error, Exception? cause, Upstream upstream) => error switch
    {
        _ when IsNoConnection(cause) => Failure.Unreachable(upstream, pause: null),
        ForwarderError.RequestTimedOut or ForwarderError.RequestCanceled or ForwarderError.ResponseBodyCanceled or ForwarderError.RequestBodyCanceled => Failure.UpstreamSilent(),
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
