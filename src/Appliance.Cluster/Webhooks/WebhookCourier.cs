using System.Threading.Channels;
using Appliance.Cluster.Events;
using Appliance.Cluster.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Webhooks;

/// <summary>
/// Delivers the messages of the outbox, one at a time, each at least once. One loop owns what becomes of them; the try itself runs beside it, and nobody who
/// ends a job waits for either. Thread-safe for callers.
/// </summary>
internal sealed partial class WebhookCourier(
    WebhookOutbox outbox, WebhookSender sender, IEventLog events, ISettings settings, TimeProvider time, ILogger<WebhookCourier> logger) : BackgroundService
{
    /// <summary>After a fault of the store: it was told, and is tried again.</summary>
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(10);

    // Full means that the loop hangs on the disk: callers wait, and "look" is one of those that are waiting already.
    private readonly Channel<WebhookCommand> _commands = Channel.CreateBounded<WebhookCommand>(new BoundedChannelOptions(256) { SingleReader = true });
    private readonly Dictionary<WebhookId, List<TaskCompletionSource<WebhookEntry?>>> _tests = [];
    private readonly WebhookQueue _queue = new(time);
    private long _generation;
    private Task _sending = Task.CompletedTask;
    private WebhookId? _onTheWay;
    private OutboxNumbers? _numbers;

    /// <summary>Grows with every change of a message: a page reads again when it has grown.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>The outbox as numbers, as of the last round; null before the first.</summary>
    public OutboxNumbers? Numbers => Volatile.Read(ref _numbers);

    /// <summary>Wants a message sent (again).</summary>
    public async Task<RetryOutcome> RetryAsync(WebhookId id, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<RetryOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _commands.Writer.WriteAsync(new WebhookCommand.Retry(id, answer), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Sends a test message; the message after its one try, or null when no receiver is set.</summary>
    public async Task<WebhookEntry?> TestAsync(string by, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<WebhookEntry?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _commands.Writer.WriteAsync(new WebhookCommand.Test(by, answer), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var follower = FollowAsync(stoppingToken);
        Task<bool>? readable = null;
        try
        {
            while (true)
            {
                try
                {
                    var pending = await outbox.ReadPendingAsync(stoppingToken);
                    _queue.Load(pending);
                    Volatile.Write(ref _numbers, new OutboxNumbers(pending.Length, await outbox.CountAsync(WebhookState.Dead, stoppingToken), pending.FirstOrDefault()?.CreatedAt));
                    StartDue(stoppingToken);
                    readable ??= _commands.Reader.WaitToReadAsync(stoppingToken).AsTask();
                    await WaitAsync(readable, stoppingToken);
                    if (readable.IsCompleted)
                    {
                        readable = null;
                        await HandleAllAsync(stoppingToken);
                    }
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    LogRoundFailed(exception);
                    await Task.Delay(StorePause, time, stoppingToken);
                }
            }
        }
        finally
        {
            await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await follower.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A job's event is stored with its message, so who follows the events misses no message. The first look is for what a last life left behind.</summary>
    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        long? place = null;
        while (true)
        {
            try
            {
                place ??= (await events.ReadNewestAsync(type: null, 1, stoppingToken)).FirstOrDefault()?.Id ?? 0;
                Ring();
                await foreach (var happened in events.FollowAsync(place.Value, stoppingToken))
                {
                    place = happened.Id;
                    if (happened.Type is EventTypes.SwapComplete or EventTypes.SwapFailed or EventTypes.LaneStopped)
                    {
                        Ring();
                    }
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogRoundFailed(exception);
                await Task.Delay(StorePause, time, stoppingToken);
            }
        }
    }

    private void Ring() => _commands.Writer.TryWrite(new WebhookCommand.Look());

    private void StartDue(CancellationToken stoppingToken)
    {
        if (_sending.IsCompleted && _onTheWay is null && _queue.FindDue() is { } entry)
        {
            _onTheWay = entry.Id;
            _sending = SendAsync(entry, stoppingToken);
        }
    }

    private async Task SendAsync(WebhookEntry entry, CancellationToken stoppingToken)
    {
        WebhookAnswer answer;
        try
        {
            answer = await sender.SendAsync(entry, stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogTryFailed(exception, entry.Id.Value);
            answer = new WebhookAnswer.None("The appliance itself made a mistake while sending; its log says which.");
        }

        await _commands.Writer.WriteAsync(new WebhookCommand.Tried(entry, answer), stoppingToken);
    }

    /// <summary>Until there is something to hear, or the next message is due. While one is on its way, its end is what is waited for.</summary>
    private async Task WaitAsync(Task<bool> readable, CancellationToken stoppingToken)
    {
        if (_onTheWay is not null || _queue.FindWait() is not { } wait)
        {
            await readable;
            return;
        }

        try
        {
            await readable.WaitAsync(wait, time, stoppingToken);
        }
        catch (TimeoutException) when (!readable.IsCompleted)
        {
            // Due now: the next round finds it.
        }
    }

    private async Task HandleAllAsync(CancellationToken stoppingToken)
    {
        while (_commands.Reader.TryRead(out var command))
        {
            try
            {
                await HandleAsync(command, stoppingToken);
            }
            catch (Exception exception)
            {
                command.Fail(exception);
                throw;
            }
        }
    }

    private async Task HandleAsync(WebhookCommand command, CancellationToken stoppingToken)
    {
        switch (command)
        {
            case WebhookCommand.Look:
                Interlocked.Increment(ref _generation);
                break;
            case WebhookCommand.Retry retry:
                retry.Answer.TrySetResult(await RetryNowAsync(retry.Id, stoppingToken));
                break;
            case WebhookCommand.Test test:
                await TestNowAsync(test, stoppingToken);
                break;
            case WebhookCommand.Tried tried:
                await TakeAsync(tried, stoppingToken);
                break;
        }
    }

    private async Task<RetryOutcome> RetryNowAsync(WebhookId id, CancellationToken cancellationToken)
    {
        if (await outbox.FindAsync(id, cancellationToken) is not { } entry)
        {
            return new RetryOutcome.Unknown();
        }

        if (entry.State == WebhookState.Delivered)
        {
            return new RetryOutcome.AlreadyDelivered(entry);
        }

        if (settings.Get(WebhookSettings.Url) is null)
        {
            return new RetryOutcome.NotSet();
        }

        if (entry.Id == _onTheWay)
        {
            return new RetryOutcome.Accepted(entry);
        }

        var again = WebhookDelivery.Retry(entry);
        await SaveAsync(again, cancellationToken);
        return new RetryOutcome.Accepted(again);
    }

    private async Task TestNowAsync(WebhookCommand.Test test, CancellationToken cancellationToken)
    {
        if (settings.Get(WebhookSettings.Url) is null)
        {
            test.Answer.TrySetResult(null);
            return;
        }

        // A second click while the first test is out gets the same answer: nobody is hammered by clicking.
        if (_tests.Values.FirstOrDefault() is { } waiting)
        {
            waiting.Add(test.Answer);
            return;
        }

        var entry = WebhookBody.OfTest(test.By, time.GetUtcNow());
        await outbox.AddAsync(entry, cancellationToken);
        _tests[entry.Id] = [test.Answer];
        Interlocked.Increment(ref _generation);
    }

    private async Task TakeAsync(WebhookCommand.Tried tried, CancellationToken cancellationToken)
    {
        _onTheWay = null;

        // If the store refuses what follows, the message comes again a little later, not at once and for ever.
        _queue.Delay(tried.Entry, StorePause);
        var decided = WebhookDelivery.Decide(tried.Entry, tried.Answer, time.GetUtcNow(), Random.Shared.NextDouble());
        await SaveAsync(decided, cancellationToken);
        LogTried(decided.Id.Value, decided.Attempts, decided.State, decided.Status ?? 0, decided.Problem ?? "");
        if (decided.State != WebhookState.Pending && _tests.Remove(decided.Id, out var waiting))
        {
            waiting.ForEach(answer => answer.TrySetResult(decided));
        }
    }

    private async Task SaveAsync(WebhookEntry entry, CancellationToken cancellationToken)
    {
        if (entry is { State: WebhookState.Dead, IsTest: false })
        {
            await events.AppendAsync(
                WebhookSentences.GivenUp(entry, time.GetUtcNow()),
                (connection, transaction) => WebhookOutbox.Update(connection, transaction, entry),
                cancellationToken);
        }
        else
        {
            await outbox.UpdateAsync(entry, cancellationToken);
        }

        _queue.Put(entry);
        Interlocked.Increment(ref _generation);
    }

    [LoggerMessage(LogLevel.Information, "Message {Id} after try {Attempts}: {State}, status {Status} {Problem}")]
    private partial void LogTried(string id, int attempts, WebhookState state, int status, string problem);

    [LoggerMessage(LogLevel.Error, "Message {Id} could not be sent because of a mistake of ours")]
    private partial void LogTryFailed(Exception exception, string id);

    [LoggerMessage(LogLevel.Error, "The outbox could not be read or written; it is looked at again")]
    private partial void LogRoundFailed(Exception exception);
}
