using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;

namespace Appliance.Cluster.Swaps;

/// <summary>What the engine's loop is asked to do.</summary>
internal abstract record SwapCommand
{
    private SwapCommand()
    {
    }

    /// <summary>Somebody wants a model.</summary>
    public sealed record Request(SwapRequest Wish, TaskCompletionSource<SwapOutcome> Answer) : SwapCommand
    {
        /// <summary>When the loop first read it, on the monotonic clock; null before.</summary>
        public TimeSpan? AskedAt { get; init; }
    }

    /// <summary>The model that is shown as running was asked for a token.</summary>
    public sealed record Proved(LaneId Lane, AnswerProof Proof) : SwapCommand;

    /// <summary>Somebody wants nothing to run on a lane.</summary>
    public sealed record Stop(LaneId Lane, LanePass Pass, string By, TaskCompletionSource<SwapOutcome> Answer) : SwapCommand;

    /// <summary>Somebody wants a job undone.</summary>
    public sealed record Cancel(SwapJobId Job, LanePass Pass, string By, TaskCompletionSource<CancelOutcome> Answer) : SwapCommand;

    /// <summary>Somebody wants to keep a lane for themselves, or for longer.</summary>
    public sealed record Reserve(ReservationAsk Ask, TaskCompletionSource<ReservationOutcome> Answer) : SwapCommand;

    /// <summary>Somebody gives a lane back, or ends somebody's reservation.</summary>
    public sealed record Release(LaneId Lane, LanePass Pass, string By, TaskCompletionSource<ReservationOutcome> Answer) : SwapCommand;

    /// <summary>A reservation may have run out.</summary>
    public sealed record LookAtReservations(TaskCompletionSource<bool>? Answer) : SwapCommand;

    /// <summary>An effect reports or ended. Effects are numbered, so that what an abandoned one still says is not heard.</summary>
    public sealed record Hear(LaneId Lane, long Effect, SwapInput Input) : SwapCommand;

    /// <summary>A model ended by itself seconds after its first answer.</summary>
    public sealed record Crashed(LaneSwap Swap, SwapFailure Failure) : SwapCommand;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : SwapCommand;

    /// <summary>Tells the waiting caller that the command could not be carried out.</summary>
    public void Fail(Exception exception)
    {
        switch (this)
        {
            case Request request:
                request.Answer.TrySetException(exception);
                break;
            case Stop stop:
                stop.Answer.TrySetException(exception);
                break;
            case Cancel cancel:
                cancel.Answer.TrySetException(exception);
                break;
            case Reserve reserve:
                reserve.Answer.TrySetException(exception);
                break;
            case Release release:
                release.Answer.TrySetException(exception);
                break;
            case LookAtReservations look:
                look.Answer?.TrySetException(exception);
                break;
        }
    }
}
