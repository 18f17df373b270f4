using Appliance.Gateway.OpenAi;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Forwarding;

/// <summary>
/// Passes a server-sent stream through, byte for byte, and makes a broken one visible (F-33): when the upstream dies, falls silent or just ends
/// without its <c>[DONE]</c>, the caller gets one error event, and the endpoint then closes the connection without a proper end. An own <c>[DONE]</c> is never made up.
/// </summary>
internal sealed class EventStreamReader(Stream inner, HttpContext context, UpstreamTransformer transformer, bool endsWithDone) : Stream
{
    private readonly StreamTail _tail = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (transformer.StreamWasCut)
        {
            return 0;
        }

        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception error) when (CanStillTell(error))
        {
            if (endsWithDone && _tail.IsDone)
            {
                // All was said; only the end of the connection did not come in order.
                return 0;
            }

            await TellAsync(Explain(error));
            return 0;
        }

        if (read > 0)
        {
            _tail.Add(buffer.Span[..read]);
        }
        else if (buffer.Length > 0 && endsWithDone && !_tail.IsDone && CanStillTell(null))
        {
            await TellAsync(Theirs("The model server ended its answer before it was complete."));
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
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
        byte[] last = [.. _tail.IsAtBoundary ? [] : "\n\n"u8, .. FailureWriter.ToEvent(error)];
        await context.Response.Body.WriteAsync(last, context.RequestAborted);
    }
}
