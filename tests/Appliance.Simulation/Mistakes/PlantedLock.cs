using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Swaps;

namespace Appliance.Simulation.Mistakes;

/// <summary>Mistakes in the reservation lock.</summary>
internal static class PlantedLock
{
    // When the clocks of every simulated home begin.
    private static readonly DateTimeOffset Begin = new(2026, 11, 21, 7, 42, 0, TimeSpan.Zero);

    public static SwapDecisions Change(Mistake mistake, SwapDecisions decisions) => mistake switch
    {
        Mistake.LockIgnored => decisions with { Passage = (_, _, _) => new LanePassage.Open() },
        Mistake.TokenNotChecked => decisions with
        {
            Passage = (state, pass, now) => pass.Token is null ? ReservationLock.Check(state, pass, now) : new LanePassage.Open(),
        },
        Mistake.TwoHolders => decisions with
        {
            Lock = (state, input, now) => ReservationLock.Decide(input is LockInput.Acquire { Ask.Token: null } ? LockState.Free : state, input, now),
        },
        Mistake.LockEndsEarly => decisions with { Lock = (state, input, now) => ReservationLock.Decide(state, input, Later(state, now)) },
        Mistake.LockEndsByWallClock => decisions with { Lock = (state, input, now) => ReservationLock.Decide(state, input, now with { Monotonic = now.Wall - Begin }) },
        Mistake.EpochGivenTwice => decisions with
        {
            Lock = (state, input, now) => ReservationLock.Decide(state, input is LockInput.Acquire acquire ? acquire with { Epoch = acquire.Epoch - 1 } : input, now),
        },
        Mistake.TokenWrittenDown => decisions with { Lock = WriteDown },
        _ => decisions,
    };

    private static ClockReading Later(LockState state, ClockReading now) => state.Held is { } held ? now with { Monotonic = now.Monotonic + (held.Ttl / 2) } : now;

    private static (LockState Next, ReservationOutcome Outcome) WriteDown(LockState state, LockInput input, ClockReading now)
    {
        var (next, outcome) = ReservationLock.Decide(state, input, now);
        return outcome is ReservationOutcome.Granted granted ? (next with { Held = next.Held! with { Note = granted.Token.Reveal() } }, outcome) : (next, outcome);
    }
}
