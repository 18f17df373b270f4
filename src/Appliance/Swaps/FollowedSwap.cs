using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

/// <summary>
/// One job as a page shows it: the stored record and log, and while it runs everything that comes. Tells its page at most four times a second.
/// Owned by one page; <see cref="Job"/> and <see cref="Lines"/> are immutable values that may be read at any time.
/// </summary>
internal sealed partial class FollowedSwap(SwapEngine engine, TimeProvider time, ILogger<FollowedSwap> logger) : IAsyncDisposable
{
    // A browser does not like more in one element; the whole log is one link away.
    private const int MostLines = 2000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource _left = new();
    private readonly Queue<string> _newest = new();
    private readonly Lock _gate = new();
    private Task _following = Task.CompletedTask;

    public SwapJob? Job { get; private set; }

    public ImmutableArray<string> Lines { get; private set; } = [];

    /// <summary>Lines that were left out at the beginning.</summary>
    public int LeftOut { get; private set; }

    /// <summary>What the servers that it started and stopped wrote last.</summary>
    public ImmutableArray<ServerLog> ServerLogs { get; private set; } = [];

    /// <summary>Reads what is stored. False when there is no such job.</summary>
    public async Task<bool> LoadAsync(SwapJobId id)
    {
        Job = await engine.FindAsync(id, _left.Token);
        if (Job is null)
        {
            return false;
        }

        var log = await engine.ReadLogAsync(id, _left.Token);
        LeftOut = Math.Max(0, log.Length - MostLines);
        Lines = LeftOut == 0 ? log : log[^MostLines..];
        ServerLogs = await engine.ReadServerLogsAsync(id, _left.Token);
        return true;
    }

    /// <summary>Begins to follow a job that still runs; <paramref name="show"/> is called on a pool thread.</summary>
    public void Follow(Func<Task> show)
    {
        if (Job is { } job && !job.State.IsTerminal())
        {
            _following = FollowAsync(job.Id, show, _left.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        await _following;
        _left.Dispose();
    }

    private async Task FollowAsync(SwapJobId id, Func<Task> show, CancellationToken cancellationToken)
    {
        try
        {
            LeftOut = 0;
            var shownAt = time.GetTimestamp();
            await foreach (var update in engine.FollowAsync(id, 0, cancellationToken))
            {
                Take(update);
                if (time.GetElapsedTime(shownAt) < Pause && Job?.State.IsTerminal() != true)
                {
                    continue;
                }

                await PublishAsync(show);
                shownAt = time.GetTimestamp();
            }

            // The stream has ended, so the stored record is final.
            Job = await engine.FindAsync(id, cancellationToken) ?? Job;
            ServerLogs = await engine.ReadServerLogsAsync(id, cancellationToken);
            await PublishAsync(show);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogLeft(id);
        }
        catch (Exception exception)
        {
            LogBroken(exception, id);
        }
    }

    private void Take(SwapUpdate update)
    {
        switch (update)
        {
            case SwapUpdate.Changed changed:
                Job = changed.Job;
                break;
            case SwapUpdate.Line line:
                lock (_gate)
                {
                    _newest.Enqueue(line.Text);
                    if (_newest.Count > MostLines)
                    {
                        _newest.Dequeue();
                        LeftOut++;
                    }
                }

                break;
        }
    }

    private Task PublishAsync(Func<Task> show)
    {
        lock (_gate)
        {
            if (_newest.Count > 0)
            {
                Lines = [.. _newest];
            }
        }

        return show();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A page stopped following {Job}")]
    private partial void LogLeft(SwapJobId job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A page cannot follow {Job} any more; it shows what it has")]
    private partial void LogBroken(Exception exception, SwapJobId job);
}
