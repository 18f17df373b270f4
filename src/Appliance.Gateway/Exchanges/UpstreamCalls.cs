using System.Net;
using System.Net.Http.Headers;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.Limits;
using Appliance.Gateway.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Appliance.Gateway.Exchanges;

/// <summary>
/// Calls an upstream with a request of our own making and reads the whole answer. Only for the few routes whose request or answer we have to change; all
/// others are forwarded. Thread-safe.
/// </summary>
internal sealed partial class UpstreamCalls(UpstreamClient client, UpstreamCircuits circuits, TimeProvider time, ILogger<UpstreamCalls> logger)
{
    /// <summary>2,048 vectors of 4,096 numbers are about 100 MB of text.</summary>
    public const long LongestAnswer = 128 * 1024 * 1024;

    /// <summary>Enough for every error text.</summary>
    private const int LongestError = 64 * 1024;

    /// <summary>Throws <see cref="OperationCanceledException"/> when the caller left.</summary>
    public Task<CallOutcome> PostAsync(Upstream upstream, string path, ReadOnlyMemory<byte> json, CallTerms terms) => SendAsync(upstream, path, json, terms);

    /// <summary>Throws <see cref="OperationCanceledException"/> when the caller left.</summary>
    public Task<CallOutcome> GetAsync(Upstream upstream, string path, CallTerms terms) => SendAsync(upstream, path, null, terms);

    private async Task<CallOutcome> SendAsync(Upstream upstream, string path, ReadOnlyMemory<byte>? json, CallTerms terms)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(terms.Aborted, terms.Cut);
        patience.CancelAfter(terms.Patience);
        var began = time.GetTimestamp();
        try
        {
            using var request = Make(upstream, path, json, terms.RequestId);
            using var response = await client.Invoker.SendAsync(request, patience.Token);
            circuits.Reached(upstream);
            patience.CancelAfter(terms.Patience);
            return await ReadAsync(response, terms.Turn, patience.Token);
        }
        catch (Exception error) when (UpstreamForwarder.IsNoConnection(error))
        {
            circuits.Failed(upstream, began);
            NotAnswered(error, upstream.Id, terms.RequestId);
            return new CallOutcome.Failed(Failure.Unreachable(upstream, pause: null));
        }
        catch (OperationCanceledException) when (!terms.Aborted.IsCancellationRequested)
        {
            if (terms.Cut.IsCancellationRequested)
            {
                return new CallOutcome.Failed(Failure.Cut());
            }

            terms.Turn?.IsOverload = true;
            return new CallOutcome.Failed(Failure.UpstreamSilent());
        }
        catch (BadHttpRequestException)
        {
            return new CallOutcome.Failed(Failure.AnswerTooLarge());
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            NotAnswered(error, upstream.Id, terms.RequestId);
            return new CallOutcome.Failed(Failure.UpstreamBroke());
        }
    }

    private static HttpRequestMessage Make(Upstream upstream, string path, ReadOnlyMemory<byte>? json, string requestId)
    {
        var request = new HttpRequestMessage(json is null ? HttpMethod.Get : HttpMethod.Post, new Uri(upstream.Address, path))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation(RequestIds.Header, requestId);
        if (json is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        return request;
    }

    private static async Task<CallOutcome> ReadAsync(HttpResponseMessage response, Turn? turn, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (status is >= 200 and < 300)
        {
            turn?.Responded(counts: true);
            return new CallOutcome.Answered(await PooledBody.ReadAsync(stream, response.Content.Headers.ContentLength, LongestAnswer, cancellationToken));
        }

        if (status is < 400 or >= 600)
        {
            return new CallOutcome.Failed(Failure.UpstreamBroke());
        }

        turn?.IsOverload |= status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;
        var buffer = new byte[LongestError];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var retryAfter = response.Headers.TryGetValues("Retry-After", out var wait) ? wait.First() : null;
        return new CallOutcome.Refused(status, buffer.AsMemory(0, length), retryAfter);
    }

    [LoggerMessage(LogLevel.Warning, "{Upstream} did not answer a call for {RequestId}")]
    private partial void NotAnswered(Exception cause, string upstream, string requestId);
}
