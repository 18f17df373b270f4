using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;

namespace Appliance.Gateway.Limits;

/// <summary>
/// Gives requests their turn at a server: as many at a time as the owner set, or as was learned; the others wait in a bounded, fair line. Thread-safe.
/// </summary>
/// <param name="settings">How many at a time, how many in the line, and how long.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">The appliance ends: who waits is told to come back at once, instead of being cut off when its time to end is over.</param>
internal sealed class UpstreamTurns(ISettings settings, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan LeastRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>SDKs wait at most 60 s for a Retry-After.</summary>
    private static readonly TimeSpan MostRetryAfter = TimeSpan.FromSeconds(60);

    /// <summary>While nobody knows how long answers take.</summary>
    private static readonly TimeSpan UsualRetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServerTurns> _servers = new(StringComparer.Ordinal);

    /// <summary>How many wait for a turn at a server.</summary>
    public int Waiting(string upstreamId)
    {
        lock (_gate)
        {
            return _servers.TryGetValue(upstreamId, out var server) ? server.Line.Count : 0;
        }
    }

    /// <summary>Waits for a turn. Cancellation is the caller who left.</summary>
    /// <param name="upstream">The server.</param>
    /// <param name="caller">Who asks: callers take turns.</param>
    /// <param name="cancellationToken">The caller left.</param>
    public ValueTask<TurnOutcome> TakeAsync(Upstream upstream, string caller, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var server = Get_NeedsLock(upstream);
            var limit = LimitOf(server);
            Serve_NeedsLock(server, limit);
            if (server.InWork < limit && server.Line.Count == 0)
            {
                return ValueTask.FromResult<TurnOutcome>(new TurnOutcome.Taken(Begin_NeedsLock(server)));
            }

            if (server.Line.Count >= settings.Get(LimitSettings.QueueLength))
            {
                if (!server.Line.TryTakeFromLongest(caller, out var displaced))
                {
                    return ValueTask.FromResult<TurnOutcome>(new TurnOutcome.Full(RetryAfter(server, limit)));
                }

                displaced.SetResult(null);
            }

            var waiter = new TaskCompletionSource<Turn?>(TaskCreationOptions.RunContinuationsAsynchronously);
            var place = server.Line.Add(caller, waiter);
            return new ValueTask<TurnOutcome>(WaitAsync(server, place, waiter.Task, cancellationToken));
        }
    }

    /// <summary>How long something takes already.</summary>
    internal TimeSpan Since(long began) => time.GetElapsedTime(began);

    /// <summary>A turn is over: the next one begins.</summary>
    internal void End(ServerTurns server, Turn turn)
    {
        lock (_gate)
        {
            server.InWork--;
            server.Note(time.GetElapsedTime(turn.Began));
            server.Learned = server.Learned.Learn(turn.Response, turn.IsOverload, turn.Together, time.GetElapsedTime(0, turn.Began), time.GetElapsedTime(0));
            Serve_NeedsLock(server, LimitOf(server));
        }
    }

    private async Task<TurnOutcome> WaitAsync(
        ServerTurns server, FairLine<TaskCompletionSource<Turn?>>.Place place, Task<Turn?> turn, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(settings.Get(LimitSettings.QueueSeconds)), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping, cancellationToken);
        try
        {
            return await turn.WaitAsync(either.Token) is { } taken ? new TurnOutcome.Taken(taken) : new TurnOutcome.Full(RetryAfter(server));
        }
        catch (OperationCanceledException)
        {
            bool isOut;
            lock (_gate)
            {
                isOut = server.Line.Remove(place);
            }

            if (!isOut && await turn is { } tooLate)
            {
                // The turn came in the same moment: it is passed on.
                tooLate.Dispose();
            }

            cancellationToken.ThrowIfCancellationRequested();
            return new TurnOutcome.TooLate(RetryAfter(server));
        }
    }

    private ServerTurns Get_NeedsLock(Upstream upstream)
    {
        if (!_servers.TryGetValue(upstream.Id, out var server) || server.Task != upstream.Task)
        {
            // A lane that changes from a chat model to an embedding model was drained before: nobody is in work or waits.
            _servers[upstream.Id] = server = new ServerTurns(upstream.Task);
        }

        if (server.LearnedFor != upstream.ModelId)
        {
            server.Learned = AdaptiveLimit.Start;
            server.LearnedFor = upstream.ModelId;
        }

        return server;
    }

    private Turn Begin_NeedsLock(ServerTurns server) => new(this, server, ++server.InWork, time.GetTimestamp());

    private void Serve_NeedsLock(ServerTurns server, int limit)
    {
        while (server.InWork < limit && server.Line.TryTake(out var next))
        {
            next.SetResult(Begin_NeedsLock(server));
        }
    }

    private int LimitOf(ServerTurns server) => settings.Get(LimitSettings.For(server.Task)) is > 0 and var set ? set
        : settings.Get(LimitSettings.Adaptive) ? server.Learned.Value
        : int.MaxValue;

    private TimeSpan RetryAfter(ServerTurns server)
    {
        lock (_gate)
        {
            return RetryAfter(server, LimitOf(server));
        }
    }

    private static TimeSpan RetryAfter(ServerTurns server, int limit) => server.Expect(limit) is { Ticks: > 0 } expected
        ? expected < LeastRetryAfter ? LeastRetryAfter : expected > MostRetryAfter ? MostRetryAfter : expected
        : UsualRetryAfter;
}
