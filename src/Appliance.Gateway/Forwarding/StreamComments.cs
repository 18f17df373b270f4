using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Forwarding;

/// <summary>
/// Writes a comment into a server-sent stream whenever nothing was sent for a while, so that nobody on the way takes the connection for dead. Only while
/// it is open: whoever writes to the stream opens it when the stream stands between two events and nothing is being written, and closes it before writing.
/// One writer; the timer runs beside it.
/// </summary>
internal sealed class StreamComments : IDisposable
{
    /// <summary>Proxies and clients give up silent connections after 30 s at the earliest.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private const int Closed = 0;
    private const int Open_ = 1;
    private const int Writing = 2;

    private readonly HttpContext _context;
    private readonly TimeProvider _time;
    private readonly string _text;
    private readonly ITimer _timer;
    private long _lastSent;
    private int _state;
    private TaskCompletionSource _written = new();
    private volatile bool _isDisposed;

    /// <param name="context">The caller.</param>
    /// <param name="time">The clock.</param>
    /// <param name="text">What the comments say; one line.</param>
    public StreamComments(HttpContext context, TimeProvider time, string text)
    {
        (_context, _time, _text) = (context, time, text);
        _lastSent = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((StreamComments)state!).Look(), this, LookEvery, Timeout.InfiniteTimeSpan);
    }

    /// <summary>From now on a comment may be written at any moment.</summary>
    public void Open() => Volatile.Write(ref _state, Open_);

    /// <summary>No comment is written any more; ends when one that was begun is out.</summary>
    public ValueTask CloseAsync() =>
        Interlocked.CompareExchange(ref _state, Closed, Open_) == Writing ? new ValueTask(CloseAfterWritingAsync()) : ValueTask.CompletedTask;

    /// <summary>Something else was sent.</summary>
    public void Sent() => Volatile.Write(ref _lastSent, _time.GetTimestamp());

    /// <summary>Writes a comment now. Only while closed.</summary>
    public async Task WriteAsync(string text)
    {
        await _context.Response.WriteAsync($": {text}\n\n", _context.RequestAborted);
        await _context.Response.Body.FlushAsync(_context.RequestAborted);
        Sent();
    }

    public void Dispose()
    {
        _isDisposed = true;
        _timer.Dispose();
    }

    private async Task CloseAfterWritingAsync()
    {
        while (Interlocked.CompareExchange(ref _state, Closed, Open_) == Writing)
        {
            await Volatile.Read(ref _written).Task;
        }
    }

    private void Look()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _lastSent)) >= Quiet)
        {
            // Set before the state: who sees the state finds what to wait for.
            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _written, written);
            if (Interlocked.CompareExchange(ref _state, Writing, Open_) == Open_)
            {
                _ = WriteThenReopenAsync(written);
                return;
            }
        }

        LookAgain();
    }

    private async Task WriteThenReopenAsync(TaskCompletionSource written)
    {
        try
        {
            await WriteAsync(_text);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The caller is gone; the one who writes the answer finds that out as well and cleans up.
        }
        finally
        {
            Volatile.Write(ref _state, Open_);
            written.SetResult();
            LookAgain();
        }
    }

    private void LookAgain()
    {
        if (!_isDisposed)
        {
            _timer.Change(LookEvery, Timeout.InfiniteTimeSpan);
        }
    }
}
