using Appliance.Cluster.Primitives;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// The one writer of all lanes: commands come in one at a time, each is decided and journalled before the next is read, and effects run beside it and come
/// back as commands. Whatever decides about a lane belongs in here, so that no check and no act can be interleaved.
/// </summary>
internal sealed partial class SwapLoop(
    SwapMailbox mailbox,
    SwapIntake intake,
    RunningSwaps running,
    SwapJournal journal,
    SwapPublisher publisher,
    SwapRecovery recovery,
    EpochCounter epochs,
    ILogger<SwapLoop> logger)
{
    /// <summary>Takes up what the last life left, then serves commands until cancelled.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        epochs.RaiseTo(await journal.ReadEpochAsync(stoppingToken));
        publisher.ShowLast(await journal.ReadLastPerLaneAsync(stoppingToken));
        try
        {
            foreach (var stored in await journal.ReadUnfinishedAsync(stoppingToken))
            {
                await running.ResumeAsync(await recovery.TakeUpAsync(stored, stoppingToken), stoppingToken);
            }

            await foreach (var command in mailbox.ReadAllAsync(stoppingToken))
            {
                await HandleAsync(command, stoppingToken);
            }
        }
        finally
        {
            await running.DisposeAsync();
        }
    }

    private async Task HandleAsync(SwapCommand command, CancellationToken stoppingToken)
    {
        try
        {
            switch (command)
            {
                case SwapCommand.Request request:
                    request.Answer.TrySetResult(await intake.AdmitAsync(request.Wish, stoppingToken));
                    break;
                case SwapCommand.Stop stop:
                    stop.Answer.TrySetResult(await intake.AdmitStopAsync(stop.Lane, stop.By, stoppingToken));
                    break;
                case SwapCommand.Cancel cancel:
                    cancel.Answer.TrySetResult(await CancelAsync(cancel.Job, cancel.By, stoppingToken));
                    break;
                case SwapCommand.Hear hear:
                    await running.HearAsync(hear, stoppingToken);
                    break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // The journal could not be written or read: nothing was begun, and the caller is told.
            LogCommandFailed(exception, command.GetType().Name);
            command.Fail(exception);
        }
    }

    private async Task<SwapJob?> CancelAsync(SwapJobId id, string by, CancellationToken cancellationToken) =>
        running.Find(id) is { } swap
            ? await running.TellAsync(swap.Job, new SwapInput.CancelRequested(by), cancellationToken)
            : await journal.FindAsync(id, cancellationToken);

    [LoggerMessage(LogLevel.Error, "The swap command {Command} could not be carried out")]
    private partial void LogCommandFailed(Exception exception, string command);
}
