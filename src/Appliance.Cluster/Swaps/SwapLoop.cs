using Appliance.Cluster.Reservations;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// The one writer of all lanes: commands come in one at a time, each is decided and journalled before the next is read, and effects run beside it and come
/// back as commands. Whatever decides about a lane belongs in here, so that no check and no act can be interleaved.
/// </summary>
internal sealed partial class SwapLoop(
    SwapMailbox mailbox,
    SwapIntake intake,
    SwapStart start,
    RunningSwaps running,
    WaitingSwaps waiting,
    SwapTurns turns,
    AnswerProofs proofs,
    SettlingSwaps settling,
    SwapRescue rescue,
    LaneUpkeep upkeep,
    SwapJournal journal,
    ReservationKeeper reservations,
    StoreTrouble trouble,
    TimeProvider time,
    ILogger<SwapLoop> logger)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly Queue<SwapCommand> _unheard = new();

    /// <summary>Takes up what the last life left, then serves commands until cancelled.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await start.RunAsync(stoppingToken);
            await using var ticker = time.CreateTimer(_ => mailbox.Tick(), null, TickInterval, TickInterval);
            await foreach (var command in mailbox.ReadAllAsync(stoppingToken))
            {
                await HandleAsync(command, stoppingToken);
            }
        }
        finally
        {
            await running.DisposeAsync();
            await settling.DisposeAsync();
            await proofs.DisposeAsync();
        }
    }

    private async Task HandleAsync(SwapCommand command, CancellationToken stoppingToken)
    {
        try
        {
            switch (command)
            {
                case SwapCommand.Request request:
                    await reservations.LookAsync(stoppingToken);
                    await AnswerAsync(request with { AskedAt = request.AskedAt ?? time.GetElapsedTime(0) }, stoppingToken);
                    break;
                case SwapCommand.Proved proved:
                    foreach (var held in await proofs.TakeAsync(proved))
                    {
                        await HandleAsync(held, stoppingToken);
                    }

                    break;
                case SwapCommand.Stop stop:
                    await reservations.LookAsync(stoppingToken);
                    stop.Answer.TrySetResult(await intake.AdmitStopAsync(stop.Lane, stop.Pass, stop.By, stoppingToken));
                    break;
                case SwapCommand.Cancel cancel:
                    await reservations.LookAsync(stoppingToken);
                    cancel.Answer.TrySetResult(await CancelAsync(cancel, stoppingToken));
                    break;
                case SwapCommand.Reserve reserve:
                    reserve.Answer.TrySetResult(await reservations.AcquireAsync(reserve.Ask, stoppingToken));
                    break;
                case SwapCommand.Release release:
                    release.Answer.TrySetResult(await reservations.ReleaseAsync(release.Lane, release.Pass, release.By, stoppingToken));
                    break;
                case SwapCommand.LookAtReservations look:
                    await reservations.LookAsync(stoppingToken);
                    look.Answer?.TrySetResult(true);
                    break;
                case SwapCommand.Hear or SwapCommand.Crashed:
                    await HearAsync(command, stoppingToken);
                    break;
                case SwapCommand.Tick:
                    mailbox.TickWasRead();
                    await HearAgainAsync(stoppingToken);
                    await upkeep.LookAsync(stoppingToken);
                    break;
            }

            await turns.LookAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // The journal could not be written or read: nothing was begun, and the caller is told. What an effect said is heard again: the job has to end.
            // It is tried every second: a full disk is not told every second, least of all to a log on that disk.
            if (trouble.Note(exception))
            {
                LogCommandFailed(exception, command.GetType().Name);
            }

            command.Fail(exception);
            if (command is SwapCommand.Hear or SwapCommand.Crashed)
            {
                _unheard.Enqueue(command);
            }
        }
    }

    /// <summary>Answers a wish, or holds it until the model that is shown as running has shown that it does run.</summary>
    private async Task AnswerAsync(SwapCommand.Request request, CancellationToken cancellationToken)
    {
        if (await intake.AdmitAsync(request.Wish, request.AskedAt, cancellationToken) is { } outcome)
        {
            request.Answer.TrySetResult(outcome);
        }
        else
        {
            proofs.Hold(request);
        }
    }

    private async Task HearAsync(SwapCommand command, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case SwapCommand.Hear hear:
                await running.HearAsync(hear, cancellationToken);
                break;
            case SwapCommand.Crashed crashed when settling.IsWatched(crashed.Swap.Job):
                await rescue.TakeAsync(crashed.Swap, crashed.Failure, cancellationToken);
                break;
        }
    }

    /// <summary>What could not be written before is tried again, oldest first.</summary>
    private async Task HearAgainAsync(CancellationToken cancellationToken)
    {
        await start.LookAsync(cancellationToken);
        while (_unheard.TryPeek(out var command))
        {
            await HearAsync(command, cancellationToken);
            _unheard.Dequeue();
        }

        if (start.IsDone)
        {
            await trouble.EndAsync(cancellationToken);
        }
    }

    /// <summary>
    /// A reserved lane is not changed by others, and bringing the previous model back is a change: a program needs the token, or force, which here ends no
    /// reservation. A person at the page uses force. A job that waits has changed nothing yet.
    /// </summary>
    private async Task<CancelOutcome> CancelAsync(SwapCommand.Cancel cancel, CancellationToken cancellationToken)
    {
        var input = new SwapInput.CancelRequested(cancel.By);
        if (waiting.Find(cancel.Job) is not null)
        {
            return new CancelOutcome.Cancelling(await waiting.EndAsync(cancel.Job, input, cancellationToken));
        }

        if (running.Find(cancel.Job) is not { } swap)
        {
            return await journal.FindAsync(cancel.Job, cancellationToken) is { } ended ? new CancelOutcome.AlreadyEnded(ended) : new CancelOutcome.UnknownJob();
        }

        return reservations.FindObstacle(swap.Job.Lane, cancel.Pass) is { } obstacle
            ? new CancelOutcome.Refused(obstacle)
            : new CancelOutcome.Cancelling(await running.TellAsync(swap.Job, input, cancellationToken));
    }

    [LoggerMessage(LogLevel.Error, "The swap command {Command} could not be carried out")]
    private partial void LogCommandFailed(Exception exception, string command);
}
