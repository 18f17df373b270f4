using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// The pure decisions that the loop of the engine acts on, as one value: a simulation puts a mistake into one of them to see whether it is found.
/// </summary>
internal sealed record SwapDecisions
{
    /// <summary>Which state follows, and what is done.</summary>
    public Func<LaneSwap, SwapInput, DateTimeOffset, (LaneSwap Next, ImmutableArray<SwapEffect> Effects)> Machine { get; init; } = SwapMachine.Decide;

    /// <summary>Whose turn it is.</summary>
    public Func<ImmutableArray<SwapJob>, ModelId?, TimeSpan?, TimeSpan, QueueTurn> Turn { get; init; } = QueueTurn.Decide;

    /// <summary>Whether the model that is shown as running does run.</summary>
    public Func<AnswerProof?, TimeSpan?, TimeSpan, bool?> Proof { get; init; } = AnswerProof.Decide;

    /// <summary>Who gets, keeps and loses a reservation.</summary>
    public Func<LockState, LockInput, ClockReading, (LockState Next, ReservationOutcome Outcome)> Lock { get; init; } = ReservationLock.Decide;

    /// <summary>Who is let past a reservation.</summary>
    public Func<LockState, LanePass, ClockReading, LanePassage> Passage { get; init; } = ReservationLock.Check;
}
