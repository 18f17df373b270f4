using Appliance.Cluster.Primitives;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Takes up what the last life of the appliance left. A store that fails meanwhile ends nothing: it is tried again until it works, and until what was left is
/// known nothing new is begun. Used by the engine's loop only.
/// </summary>
internal sealed partial class SwapStart(
    SwapMailbox mailbox,
    RunningSwaps running,
    WaitingSwaps waiting,
    SettlingSwaps settling,
    SettlingStore settlingStore,
    SwapJournal journal,
    SwapPublisher publisher,
    SwapRecovery recovery,
    LaneUpkeep upkeep,
    EpochCounter epochs,
    StoreTrouble trouble,
    TimeProvider time,
    ILogger<SwapStart> logger)
{
    /// <summary>While nothing is known yet, callers are answered this often.</summary>
    private static readonly TimeSpan AnswerInterval = TimeSpan.FromSeconds(1);

    private readonly List<SwapJobId> _left = [];
    private readonly RetryPause _pause = new(time);

    /// <summary>Whether every job was taken up.</summary>
    public bool IsDone => _left.Count == 0;

    /// <summary>Ends when it is known what was left, and the lanes of those jobs are taken.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        await UntilItWorksAsync(
            async () =>
            {
                epochs.RaiseTo(await journal.ReadEpochAsync(stoppingToken));
                publisher.ShowLast(await journal.ReadLastPerLaneAsync(stoppingToken));
                await upkeep.LoadAsync(stoppingToken);
                return true;
            },
            stoppingToken);
        await recovery.WaitForFirstLookAsync(stoppingToken);
        foreach (var stored in await UntilItWorksAsync(() => journal.ReadUnfinishedAsync(stoppingToken), stoppingToken))
        {
            var swap = recovery.TakeUp(stored);
            if (swap.Job.State == SwapState.Queued)
            {
                waiting.Restore(swap);
                continue;
            }

            if (swap is { IsRollingBack: false, Wanted: { } wanted } && !swap.Hosts.IsEmpty)
            {
                var estimate = await UntilItWorksAsync(() => journal.FindEstimateAsync(swap.Job.Lane, wanted.Id, swap.Hosts, swap.Image, stoppingToken), stoppingToken);
                swap = swap with { Estimate = estimate };
            }

            running.Restore(swap);
            _left.Add(swap.Job.Id);
        }

        await WatchOnAsync(stoppingToken);
        await GoOnAsync(stoppingToken);
    }

    /// <summary>Once a second: tries again to take up what could not be.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!IsDone && _pause.IsOver)
        {
            await GoOnAsync(cancellationToken);
        }
    }

    /// <summary>Models that gave their first answer seconds before the appliance ended are watched for the rest of their time.</summary>
    private async Task WatchOnAsync(CancellationToken stoppingToken)
    {
        var watched = await UntilItWorksAsync(() => settlingStore.ReadAsync(stoppingToken), stoppingToken);
        foreach (var stored in watched.IsEmpty ? [] : await UntilItWorksAsync(() => journal.ReadSettlingAsync(stoppingToken), stoppingToken))
        {
            var swap = recovery.TakeUp(stored);
            if (swap.Job is { State: SwapState.Live, EndedAt: { } ended } && time.GetUtcNow() - ended < SwapTimes.LongestOutage && running.Find(swap.Job.Lane) is null)
            {
                await settling.WatchAsync(swap with { Watched = watched[swap.Job.Id] });
            }
        }
    }

    private async Task GoOnAsync(CancellationToken cancellationToken)
    {
        var hasFailed = false;
        foreach (var id in _left.ToArray())
        {
            try
            {
                await running.ResumeAsync(id, cancellationToken);
                _left.Remove(id);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                hasFailed = true;
                LogNotTakenUp(exception, id.Value);
                trouble.Note(exception);
            }
        }

        if (hasFailed)
        {
            _pause.Lengthen();
        }
    }

    private async Task<T> UntilItWorksAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        var pause = new RetryPause(time);
        while (true)
        {
            try
            {
                return await read();
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                LogNotRead(exception);
                trouble.Note(exception);
                pause.Lengthen();
                while (!pause.IsOver)
                {
                    mailbox.FailAll(exception);
                    await Task.Delay(AnswerInterval, time, cancellationToken);
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "What the last life of the appliance left cannot be read; nothing is begun before it can")]
    private partial void LogNotRead(Exception exception);

    [LoggerMessage(LogLevel.Error, "Swap {Job} cannot be taken up yet; it is tried again")]
    private partial void LogNotTakenUp(Exception exception, string job);
}
