using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>Tells of jobs, running and ended: from the view and the feeds while they run, from the journal afterwards. Changes nothing. Thread-safe.</summary>
internal sealed class SwapRecords(SwapPublisher publisher, SwapJournal journal, SwapFeeds feeds, ServerLogs logs, TimeProvider time)
{
    /// <summary>The job, running or ended; null when there is none of that id.</summary>
    public async Task<SwapJob?> FindAsync(SwapJobId id, CancellationToken cancellationToken) =>
        publisher.FindUnfinished(id) ?? await journal.FindAsync(id, cancellationToken);

    /// <summary>The newest jobs, newest first; <paramref name="limit"/> 1 to 200.</summary>
    public async Task<ImmutableArray<SwapJob>> ReadRecentAsync(int limit, CancellationToken cancellationToken)
    {
        var stored = await journal.ReadRecentAsync(Math.Clamp(limit, 1, 200), cancellationToken);
        return [.. stored.Select(job => publisher.FindUnfinished(job.Id) ?? job)];
    }

    /// <summary>The newest jobs of one model, newest first; <paramref name="limit"/> 1 to 200.</summary>
    public async Task<ImmutableArray<SwapJob>> ReadRecentAsync(ModelId model, int limit, CancellationToken cancellationToken)
    {
        var stored = await journal.ReadRecentAsync(model, Math.Clamp(limit, 1, 200), cancellationToken);
        return [.. stored.Select(job => publisher.FindUnfinished(job.Id) ?? job)];
    }

    /// <summary>The server's log of a job, oldest line first; empty when nothing was written or nothing is kept.</summary>
    public async Task<ImmutableArray<string>> ReadLogAsync(SwapJobId id, CancellationToken cancellationToken) =>
        feeds.Find(id) is { } feed ? [.. feed.Lines()] : await journal.ReadLogAsync(id, cancellationToken);

    /// <summary>The last lines of the servers that a job started and stopped, newest first.</summary>
    public Task<ImmutableArray<ServerLog>> ReadServerLogsAsync(SwapJobId id, CancellationToken cancellationToken) => logs.ReadAsync(id, cancellationToken);

    /// <summary>
    /// The updates of a job after a number (0 is from the beginning), to its end. An unknown job has none. Of a job that ended long ago, the log and the end
    /// are told.
    /// </summary>
    public async IAsyncEnumerable<SwapUpdate> FollowAsync(SwapJobId id, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var job = feeds.Find(id) is null ? await journal.FindAsync(id, cancellationToken) : null;

        // A job that has not ended and has no feed yet is about to be taken up again after a restart.
        if ((job is null ? feeds.Find(id) : job.State.IsTerminal() ? null : feeds.Open(id)) is { } feed)
        {
            await foreach (var update in feed.FollowAsync(after, cancellationToken))
            {
                yield return update;
            }

            yield break;
        }

        if (job is null)
        {
            yield break;
        }

        var number = 0L;
        foreach (var line in await journal.ReadLogAsync(id, cancellationToken))
        {
            if (++number > after)
            {
                yield return new SwapUpdate.Line(number, line);
            }
        }

        yield return new SwapUpdate.Changed(number + 1, job, IsStateChange: true);
    }

    /// <summary>The job when it has ended, or as it is after <paramref name="limit"/>; null for an unknown job.</summary>
    public async Task<SwapJob?> WaitAsync(SwapJobId id, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await foreach (var update in FollowAsync(id, 0, either.Token))
            {
                if (update is SwapUpdate.Changed { Job: var job } && job.State.IsTerminal())
                {
                    return job;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The limit passed: the caller gets the job as it is.
        }

        return await FindAsync(id, cancellationToken);
    }
}
