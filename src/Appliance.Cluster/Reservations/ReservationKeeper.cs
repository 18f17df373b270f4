using System.Collections.Immutable;
using System.Security.Cryptography;
using Appliance.Cluster.Events;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Reservations;

/// <summary>
/// Keeps the locks of all lanes: decides, stores, tells. Changed by the loop of the swap engine only, so that no check and no start can be interleaved with a
/// grant or an end (threat T-27); <see cref="FindObstacle"/> may be asked from anywhere.
/// </summary>
internal sealed class ReservationKeeper(
    ReservationStore store, IEventLog events, ClusterView view, EpochCounter epochs, ReservationAlarm alarm, SwapDecisions decisions, RandomNumberGenerator random, TimeProvider time)
{
    private volatile ImmutableDictionary<LaneId, LockState> _locks = ImmutableDictionary<LaneId, LockState>.Empty;

    /// <summary>Takes up what was held when the appliance last ran: holder, epoch and token stay, the whole TTL is granted once more. Before the loop begins.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        var (locks, epoch) = await store.ReadAsync(ClockReading.Of(time), cancellationToken);
        epochs.RaiseTo(epoch);
        foreach (var (lane, state) in locks)
        {
            Take(lane, state);
        }
    }

    /// <summary>
    /// Why this caller may not start, stop or swap on a lane now; null when nothing is in the way. The one check for every job, when it is asked for and
    /// again when its turn comes (with <see cref="Keep"/>).
    /// </summary>
    public SwapOutcome? FindObstacle(LaneId lane, LanePass pass) => decisions.Passage(Find(lane), pass, ClockReading.Of(time)) switch
    {
        LanePassage.Open or LanePassage.OpenByForce => null,
        LanePassage.Locked locked => new SwapOutcome.Locked(locked.By),
        LanePassage.WrongToken => new SwapOutcome.WrongToken(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The reservation that a job with this pass ends before it begins; null when it ends none.</summary>
    public Reservation? FindEnded(LaneId lane, LanePass pass) =>
        (decisions.Passage(Find(lane), pass, ClockReading.Of(time)) as LanePassage.OpenByForce)?.Reservation;

    /// <summary>
    /// What an accepted job shows again when its turn comes: the token, if it is the one that holds the lane now. Force is used up: a job that waited must not end
    /// a reservation that came after it.
    /// </summary>
    public LanePass Keep(LaneId lane, LanePass pass) =>
        pass.Token is { } shown && Find(lane) is { Held: not null, Token: var token } && shown == token ? LanePass.Of(shown) : LanePass.None;

    /// <summary>Somebody wants a lane, or more of it.</summary>
    public async Task<ReservationOutcome> AcquireAsync(ReservationAsk ask, CancellationToken cancellationToken)
    {
        if (view.Current.FindLane(ask.Lane) is null)
        {
            return UnknownLane();
        }

        var now = ClockReading.Of(time);
        await LookAsync(ask.Lane, now, cancellationToken);
        var before = Find(ask.Lane);
        var (next, outcome) = decisions.Lock(before, new LockInput.Acquire(ask, epochs.Last + 1, ReservationToken.New(random)), now);
        switch (outcome)
        {
            case ReservationOutcome.Granted granted:
                epochs.RaiseTo(granted.Reservation.Epoch);
                await events.AppendAsync(
                    ReservationSentences.Acquired(ask.Lane, NameOf(ask.Lane), granted.Reservation, now.Wall),
                    (connection, transaction) => ReservationStore.WriteGranted(connection, transaction, ask.Lane, next),
                    cancellationToken);

                // The promise begins when it is kept: a slow disk takes nothing of it away.
                next = ReservationLock.Restart(next, ClockReading.Of(time));
                Take(ask.Lane, next);
                return granted with { Reservation = next.Held! };
            case ReservationOutcome.Extended { Reservation: var extended }:
                // Counts before it is stored: otherwise a reader could see it end while the disk is slow, and then see it held again. A restart grants no
                // less than what a lost write would have said. Extensions are no events: a holder may send one every few seconds.
                Take(ask.Lane, next);
                if (extended.Ttl != before.Held!.Ttl || extended.Note != before.Held.Note)
                {
                    await store.WriteExtendedAsync(extended, cancellationToken);
                }

                return outcome;
            default:
                return outcome;
        }
    }

    /// <summary>Somebody gives a lane back, with its token or (for a person) by force.</summary>
    public async Task<ReservationOutcome> ReleaseAsync(LaneId lane, LanePass pass, string by, CancellationToken cancellationToken)
    {
        if (view.Current.FindLane(lane) is null)
        {
            return UnknownLane();
        }

        var now = ClockReading.Of(time);
        await LookAsync(lane, now, cancellationToken);
        var isForced = pass.IsForced && FindEnded(lane, pass) is not null;
        var (next, outcome) = decisions.Lock(Find(lane), isForced ? new LockInput.Force(pass.SeenEpoch) : InputOf(pass), now);
        if (outcome is ReservationOutcome.Freed { Was: var was })
        {
            long? endEpoch = isForced ? epochs.Next() : null;
            await events.AppendAsync(
                endEpoch is { } epoch
                    ? ReservationSentences.Forced(lane, NameOf(lane), was, now.Wall, by, epoch)
                    : ReservationSentences.Released(lane, NameOf(lane), was, now.Wall),
                (connection, transaction) => ReservationStore.WriteEnded(connection, transaction, was, now.Wall, endEpoch),
                cancellationToken);
            Take(lane, next);
        }

        return outcome;
    }

    /// <summary>Before an accepted job begins: ends the reservation that the caller decided to end, if there is one.</summary>
    public Task MakeWayAsync(LaneId lane, LanePass pass, string by, CancellationToken cancellationToken) =>
        FindEnded(lane, pass) is null ? Task.CompletedTask : ReleaseAsync(lane, pass, by, cancellationToken);

    /// <summary>
    /// Ends what has run out, and shows the rest as the wall clock stands now. Done before anything is decided about a lane: once somebody was let past a
    /// reservation that has run out, a restart does not bring it back.
    /// </summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in _locks.Keys)
        {
            await LookAsync(lane, ClockReading.Of(time), cancellationToken);
            Take(lane, Find(lane));
        }
    }

    /// <summary>Ends and tells what has run out at that moment; what is decided next is decided for the same moment.</summary>
    private async Task LookAsync(LaneId lane, ClockReading now, CancellationToken cancellationToken)
    {
        var (next, outcome) = decisions.Lock(Find(lane), new LockInput.Look(), now);
        if (outcome is ReservationOutcome.Expired { Was: var was })
        {
            await events.AppendAsync(
                ReservationSentences.Expired(lane, NameOf(lane), was, now.Wall),
                (connection, transaction) => ReservationStore.WriteEnded(connection, transaction, was, now.Wall, endEpoch: null),
                cancellationToken);
            Take(lane, next);
        }
    }

    private LockState Find(LaneId lane) => _locks.GetValueOrDefault(lane, LockState.Free);

    private static LockInput InputOf(LanePass pass) => pass switch
    {
        { Token: { } token } => new LockInput.Release(token),
        { IsForced: true } => new LockInput.Force(pass.SeenEpoch),
        _ => new LockInput.Release(null),
    };

    private void Take(LaneId lane, LockState state)
    {
        _locks = _locks.SetItem(lane, state);
        var now = ClockReading.Of(time);
        var held = state.Held?.At(now);
        view.Update(snapshot =>
            snapshot.FindLane(lane) is { } shown && !IsShown(shown.Reservation, held)
                ? snapshot with { Lanes = snapshot.Lanes.Replace(shown, shown with { Reservation = held }) }
                : snapshot);
        alarm.Set(_locks.Values.Select(one => one.Held?.At(now)?.Left).Min());
    }

    /// <summary>What is right to the second is not shown again.</summary>
    private static bool IsShown(Reservation? shown, Reservation? held) => (shown, held) switch
    {
        (null, null) => true,
        ({ } old, { } now) => old.Epoch == now.Epoch && old.Note == now.Note && old.Deadline == now.Deadline
            && (old.ExpiresAt - now.ExpiresAt).Duration() < TimeSpan.FromSeconds(1),
        _ => false,
    };

    private string? NameOf(LaneId lane) => view.Current.Lanes.Length > 1 ? view.Current.FindLane(lane)?.Definition.Name : null;

    private ReservationOutcome.UnknownLane UnknownLane() => new([.. view.Current.Lanes.Select(lane => lane.Definition.Id.Value)]);
}
