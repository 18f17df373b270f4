using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Reservations;

/// <summary>
/// The reservation lock of a lane: who gets it, keeps it and loses it. Pure; time comes in with every input, and only the monotonic clock decides.
/// </summary>
/// <remarks>
/// <code>
/// state             input                                   outcome         state afterwards
/// free              acquire without token                   granted         held, new epoch and token
/// free              acquire with a token                    lost            (whoever extends must learn that it was not held all the time)
/// settling          acquire without token                   settling        (as free, a moment later)
/// held              acquire, same holder and its token      extended        held: TTL from now
/// held              acquire otherwise                       held
/// held              release with its token                  freed           free
/// held              release with a token that held before   unchanged       (given back twice, or too late: the successor stays)
/// held              release otherwise                       wrong token
/// held              force, that one or any was seen         freed           free; the caller raises the epoch
/// held              force, another one was seen             held
/// free, settling    release, force                          unchanged
/// held, deadline    anything                                expired first   settling, then as above
/// </code>
/// <para>
/// The TTL is a lower bound: a reservation ends no earlier than promised, whatever happens to the wall clock, and after a restart of the appliance the whole
/// TTL is granted once more, because nobody knows how long it was away (as Chubby and Consul do on a fail-over). An extension counts from now, so a
/// holder can also shorten what is left.
/// </para>
/// <para>
/// The lock alone protects nothing against a holder who slept past the end and then acts. Two things do: every start, stop and swap is checked in
/// the same loop that grants and ends reservations, and the machines refuse commands of an older epoch. What they cannot see are requests to the model that the old
/// holder still has under way; for those the lane settles for a moment between running out and the next grant (Consul's lock-delay, 15 s there). Here it is a
/// tenth of the TTL and at most 5 s, so that short reservations do not wait long; a release, also a forced one, needs none.
/// </para>
/// </remarks>
internal static class ReservationLock
{
    /// <summary>So many ended tokens are remembered per lane: a scheduler that repeats its release is never further behind.</summary>
    public const int RememberedTokens = 32;

    private const double SettlingShare = 0.1;
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(5);

    /// <summary>The next state, and what the caller is told.</summary>
    public static (LockState Next, ReservationOutcome Outcome) Decide(LockState state, LockInput input, ClockReading now)
    {
        if (state.Held is { } old && old.Deadline <= now.Monotonic)
        {
            var lapsed = End(state) with { SettledAt = old.Deadline + SettlingTime(old.Ttl) };
            return input is LockInput.Look ? (lapsed, new ReservationOutcome.Expired(old)) : Decide(lapsed, input, now);
        }

        var held = state.Held?.At(now);
        return input switch
        {
            LockInput.Acquire acquire => held is null ? Grant(state, acquire, now) : Extend(state, held, acquire.Ask, now),
            LockInput.Release release => held is null ? (state, new ReservationOutcome.Unchanged(null)) : Release(state, held, release.Token),
            LockInput.Force force when held is not null => force.SeenEpoch is { } seen && seen != held.Epoch
                ? (state, new ReservationOutcome.Held(held))
                : (End(state), new ReservationOutcome.Freed(held)),
            LockInput.Force or LockInput.Look => (state, new ReservationOutcome.Unchanged(held)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Whether somebody may start, stop or swap. Changes nothing: what is to be ended by force is ended by the caller, in the same turn.</summary>
    public static LanePassage Check(LockState state, LanePass pass, ClockReading now)
    {
        var held = state.Held?.At(now);
        var isHolder = pass.Token is { } shown && held is not null && shown == state.Token;
        return (held, pass) switch
        {
            _ when isHolder => new LanePassage.Open(),
            (null, { IsForced: true } or { Token: null }) => new LanePassage.Open(),
            ({ } by, { IsForced: true }) => pass.SeenEpoch is { } seen && seen != by.Epoch ? new LanePassage.Locked(by) : new LanePassage.OpenByForce(by),
            (_, { Token: not null }) => new LanePassage.WrongToken(),
            ({ } by, _) => new LanePassage.Locked(by),
        };
    }

    /// <summary>A reservation that outlived a restart: the whole TTL once more.</summary>
    public static LockState Restore(Reservation? stored, TokenHash token, ImmutableArray<TokenHash> ended, ClockReading now) =>
        Restart(new LockState { Held = stored, Token = token, EndedTokens = ended }, now);

    /// <summary>What is held, with its whole TTL from now on.</summary>
    public static LockState Restart(LockState state, ClockReading now) =>
        state.Held is { } held ? state with { Held = Until(held, now, held.Ttl) } : state;

    private static (LockState Next, ReservationOutcome Outcome) Grant(LockState state, LockInput.Acquire acquire, ClockReading now)
    {
        if (acquire.Ask.Token is not null)
        {
            return (state, new ReservationOutcome.Lost());
        }

        if (now.Monotonic < state.SettledAt)
        {
            return (state, new ReservationOutcome.Settling(state.SettledAt - now.Monotonic));
        }

        var ask = acquire.Ask;
        var granted = new Reservation
        {
            Holder = ask.Holder,
            Note = ask.Note,
            AcquiredAt = now.Wall,
            Ttl = ask.Ttl,
            Epoch = acquire.Epoch,
            Deadline = now.Monotonic + ask.Ttl,
            ExpiresAt = now.Wall.Add(ask.Ttl),
            Left = ask.Ttl,
        };
        return (state with { Held = granted, Token = acquire.Token.Hash }, new ReservationOutcome.Granted(granted, acquire.Token));
    }

    private static (LockState Next, ReservationOutcome Outcome) Extend(LockState state, Reservation held, ReservationAsk ask, ClockReading now)
    {
        if (ask.Token is not { } shown || shown != state.Token || ask.Holder != held.Holder)
        {
            return (state, new ReservationOutcome.Held(held));
        }

        var extended = Until(held, now, ask.Ttl) with { Note = ask.Note ?? held.Note };
        return (state with { Held = extended }, new ReservationOutcome.Extended(extended));
    }

    private static (LockState Next, ReservationOutcome Outcome) Release(LockState state, Reservation held, TokenHash? shown)
    {
        if (shown is not { } token)
        {
            return (state, new ReservationOutcome.WrongToken());
        }

        var heldBefore = token.IsAmong(state.EndedTokens);
        return token == state.Token
            ? (End(state), new ReservationOutcome.Freed(held))
            : (state, heldBefore ? new ReservationOutcome.Unchanged(held) : new ReservationOutcome.WrongToken());
    }

    private static LockState End(LockState state) => new()
    {
        EndedTokens = [.. state.EndedTokens.Add(state.Token).TakeLast(RememberedTokens)],
    };

    private static Reservation Until(Reservation reservation, ClockReading now, TimeSpan ttl) =>
        reservation with { Ttl = ttl, Deadline = now.Monotonic + ttl, ExpiresAt = now.Wall.Add(ttl), Left = ttl };

    private static TimeSpan SettlingTime(TimeSpan ttl) => ttl * SettlingShare < LongestSettling ? ttl * SettlingShare : LongestSettling;
}
