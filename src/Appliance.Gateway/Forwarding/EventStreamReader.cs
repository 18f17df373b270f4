using System.Runtime.CompilerServices;
using Appliance.Cluster.Metrics;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Measuring;
using Appliance.Gateway.OpenAi;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Forwarding;

/// <summary>
/// Passes a server-sent stream through, byte for byte, and makes a broken one visible (F-33): when the upstream dies, falls silent or just ends
/// without its proper end, the caller gets one error event, and the endpoint then closes the connection without a proper end. An end is never made up.
/// </summary>
internal sealed class EventStreamReader(Stream inner, HttpContext context, UpstreamTransformer transformer, PassThroughRoute route) : OneWayStream
{
    private readonly EventStreamFollower _follower = new(route.StreamEnd);
    private readonly StreamComments _comments = EarlyStream.Of(context)?.Comments ?? new StreamComments(context, transformer.Time, "still working");
    private CancellationTokenSource? _patience;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (transformer.StreamWasCut)
        {
            return 0;
        }

        int read;
        try
        {
            read = await ReadWithCommentsAsync(buffer, cancellationToken);
        }
        catch (Exception error) when (CanStillTell(error))
        {
            if (_follower.HasEnded)
            {
                // All was said; only the end of the connection did not come in order, and perhaps the blank line before it.
                var missing = _follower.MissingEnd.ToArray();
                _follower.Add(missing);
                await WriteAsync(missing);
                return 0;
            }

            await TellAsync(Explain(error));
            return 0;
        }

        if (read > 0)
        {
            transformer.Turn?.Responded(counts: true);
            _comments.Sent();
            _follower.Add(buffer.Span[..read]);
        }
        else if (buffer.Length > 0 && route.StreamEnd != StreamEnd.Unmarked && !_follower.HasEnded && CanStillTell(null))
        {
            await TellAsync(Theirs("The model server ended its answer before it was complete."));
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _patience?.Dispose();
            _comments.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>While we wait for the server, nobody else writes to the caller: between two events a comment may go out.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadWithCommentsAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // An early stream is open from before.
        await _comments.CloseAsync();
        var reading = ReadInTimeAsync(buffer, cancellationToken);
        if (reading.IsCompleted || !_follower.IsAtBoundary)
        {
            return await reading;
        }

        _comments.Open();
        try
        {
            return await reading;
        }
        finally
        {
            await _comments.CloseAsync();
        }
    }

    /// <summary>The forwarder's token is the same for all reads of a stream. A caller who is slow to take what came does not count against the upstream.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadInTimeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _patience ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, transformer.Cut);
        var reading = inner.ReadAsync(buffer, _patience.Token);
        if (reading.IsCompleted)
        {
            return await reading;
        }

        _patience.CancelAfter(route.Idle);
        var read = await reading;
        _patience.CancelAfter(Timeout.InfiniteTimeSpan);
        return read;
    }

    /// <summary>Before the first byte the forwarder can still answer with a status, and a caller who is gone needs no word.</summary>
    private bool CanStillTell(Exception? error) =>
        context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested && error is null or IOException or HttpRequestException or OperationCanceledException;

    private ErrorEnvelope Explain(Exception error) =>
        transformer.Cut.IsCancellationRequested ? Failure.Cut().Body
        : error is OperationCanceledException ? Theirs("The model server fell silent in the middle of its answer.")
        : Theirs("The model server ended the connection in the middle of its answer.");

    private static ErrorEnvelope Theirs(string message) => ErrorEnvelope.Theirs(new OpenAiError(message, "server_error", null, "upstream_failed"));

    private async Task TellAsync(ErrorEnvelope error)
    {
        transformer.StreamWasCut = true;
        RequestFacts.Of(context)?.Fault = error.IsTheirs ? RequestFault.UpstreamCut : RequestFault.CutBySwap;
        await WriteAsync([.. _follower.MissingEnd, .. FailureEvents.Make(route.StreamEnd, error, _follower.Events)]);
    }

    private ValueTask WriteAsync(byte[] last) => context.Response.Body.WriteAsync(last, context.RequestAborted);
}
