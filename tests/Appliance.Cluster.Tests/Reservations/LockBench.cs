using System.Security.Cryptography;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.TestKit.Time;

namespace Appliance.Cluster.Tests.Reservations;

/// <summary>One lock on a clock that stands, used as its loop would use it.</summary>
internal sealed class LockBench
{
    private static readonly RandomNumberGenerator Random = RandomNumberGenerator.Create();
    private long _epoch;

    public ManualClock Clock { get; } = new();

    public LockState State { get; private set; } = LockState.Free;

    public Reservation? Held => State.Held?.At(ClockReading.Of(Clock));

    public ReservationOutcome Acquire(string holder, double ttl = 60, ReservationToken? token = null, string? note = null)
    {
        var ask = ReservationAsk.TryCreate(LaneId.Main, holder, note, ttl, token?.Hash)!;
        var outcome = Tell(new LockInput.Acquire(ask, _epoch + 1, ReservationToken.New(Random)));
        _epoch += outcome is ReservationOutcome.Granted ? 1 : 0;
        return outcome;
    }

    public ReservationToken Granted(string holder, double ttl = 60) => ((ReservationOutcome.Granted)Acquire(holder, ttl)).Token;

    public ReservationOutcome Release(ReservationToken? token) => Tell(new LockInput.Release(token?.Hash));

    public ReservationOutcome Force(long? seenEpoch = null) => Tell(new LockInput.Force(seenEpoch));

    public ReservationOutcome Look() => Tell(new LockInput.Look());

    public LanePassage Check(ReservationToken? token = null, bool isForced = false, long? seenEpoch = null) => ReservationLock.Check(
        State, new LanePass { Token = token?.Hash, IsForced = isForced, SeenEpoch = seenEpoch }, ClockReading.Of(Clock));

    public void Restart() => State = ReservationLock.Restore(State.Held, State.Token, State.EndedTokens, ClockReading.Of(Clock));

    public void Wait(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    private ReservationOutcome Tell(LockInput input)
    {
        (State, var outcome) = ReservationLock.Decide(State, input, ClockReading.Of(Clock));
        return outcome;
    }
}
