using Appliance.Cluster.Routing;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Limits;
using Appliance.Gateway.Measuring;
using Appliance.Gateway.OpenAi;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Appliance.Gateway.Forwarding;

/// <summary>Rebuilds a request for its upstream and the answer for its caller, one instance per request. Nothing passes that is not named in <see cref="HeaderRules"/>.</summary>
internal sealed class UpstreamTransformer(PassThroughRoute route, Upstream upstream, string requestId, OutgoingBody body, string? contentType, FirstByteLimit? firstByte) : HttpTransformer
{
    /// <summary>Enough for every error text; the rest is cut off.</summary>
    private const int LongestErrorBody = 64 * 1024;

    /// <summary>Whether the upstream has begun to answer.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Whether the answer is a stream of events, which tells of its own end.</summary>
    public bool IsStream { get; private set; }

    /// <summary>Whether a stream that had begun to pass through was cut off; its caller was told with an event.</summary>
    public bool StreamWasCut { get; set; }

    /// <summary>The request's turn at the server, which learns how long the answer took to begin.</summary>
    public Turn? Turn { get; init; }

    /// <summary>The clock for comments in quiet streams.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Cancelled when the answer may not go on: the model behind it is about to be stopped.</summary>
    public CancellationToken Cut { get; init; }

    public override ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(destinationPrefix, route.Path, UpstreamQuery.Make(httpContext.Request, route, upstream.ServedName));
        proxyRequest.Headers.Clear();
        HeaderRules.CopyToUpstream(httpContext.Request.Headers, proxyRequest.Headers);
        proxyRequest.Headers.TryAddWithoutValidation(RequestIds.Header, requestId);
        if (route.IsTunnel)
        {
            TunnelHeaders.CopyTo(httpContext.Request.Headers, proxyRequest.Headers);
        }

        if (proxyRequest.Content is not null)
        {
            // A recording is sent once the server wants it, so a refusal comes before a hundred megabytes were carried.
            proxyRequest.Headers.ExpectContinue = route.ModelName == ModelNamePlace.Form ? true : null;
            var content = body.IsAtHand ? JoinedBodyHandler.Join(proxyRequest, body) : proxyRequest.Content;
            content.Headers.Clear();
            content.Headers.ContentLength = body.TotalLength;
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }

        HasAnswered = true;
        firstByte?.Stop();
        var response = httpContext.Response;
        response.Headers["x-served-by"] = upstream.ModelId ?? upstream.Id;
        var status = (int)proxyResponse.StatusCode;
        if (status == StatusCodes.Status101SwitchingProtocols && route.IsTunnel)
        {
            TunnelHeaders.CopyTo(proxyResponse.Headers, response.Headers);
            return true;
        }

        if (status is < 200 or >= 300)
        {
            Turn?.IsOverload = status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;
            await WriteErrorAsync(httpContext, proxyResponse, status, cancellationToken);
            return false;
        }

        response.StatusCode = status;
        HeaderRules.CopyToCaller(proxyResponse, response.Headers);
        var given = proxyResponse.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.First() : null;
        response.ContentType = HeaderRules.SafeContentType(given, out var isUnknown);
        if (isUnknown)
        {
            response.Headers.ContentDisposition = "attachment";
        }

        var isStream = response.ContentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
        var facts = RequestFacts.Of(httpContext);
        facts?.AnswerBegins(isStream, isStream || response.ContentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase));
        if (facts is not null)
        {
            proxyResponse.Content = new MeasuredContent(proxyResponse.Content, facts);
        }

        var early = EarlyStream.Of(httpContext);
        if (early is not null && !isStream)
        {
            await FailureWriter.WriteAsync(httpContext, Failure.NoStream());
            return false;
        }

        if (!isStream)
        {
            // How long a whole chat answer takes is a matter of its length.
            Turn?.Responded(route.Task != UpstreamTask.Chat);
        }
        else
        {
            IsStream = true;
            early?.AnswerBegins();
            response.Headers.ContentLength = null;
            proxyResponse.Content = new EventStreamContent(proxyResponse.Content, httpContext, this, route);
        }

        return true;
    }

    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    private static async Task WriteErrorAsync(HttpContext context, HttpResponseMessage proxyResponse, int status, CancellationToken cancellationToken)
    {
        // A redirect is never followed nor passed on: it could lead a caller anywhere (T-31).
        if (status is < 400 or >= 600)
        {
            await FailureWriter.WriteAsync(context, Failure.UpstreamBroke());
            return;
        }

        var buffer = new byte[LongestErrorBody];
        await using var body = await proxyResponse.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (proxyResponse.Headers.TryGetValues("Retry-After", out var wait))
        {
            context.Response.Headers.RetryAfter = wait.First();
        }

        await FailureWriter.WriteAsync(context, new Failure(status, UpstreamErrorReader.Read(status, buffer.AsMemory(0, length))));
    }
}
