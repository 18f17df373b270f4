using System.Collections.Immutable;

namespace Appliance.Cluster.Reservations;

/// <summary>What became of a wish to reserve or to release.</summary>
public abstract record ReservationOutcome
{
    private ReservationOutcome()
    {
    }

    /// <summary>The lane is the caller's.</summary>
    /// <param name="Reservation">The new reservation.</param>
    /// <param name="Token">Its secret, told this once.</param>
    public sealed record Granted(Reservation Reservation, ReservationToken Token) : ReservationOutcome;

    /// <summary>The caller's reservation lasts longer; its token stays.</summary>
    /// <param name="Reservation">As it is now.</param>
    public sealed record Extended(Reservation Reservation) : ReservationOutcome;

    /// <summary>Somebody else holds the lane.</summary>
    /// <param name="By">That reservation.</param>
    public sealed record Held(Reservation By) : ReservationOutcome;

    /// <summary>The token that should be extended holds nothing any more.</summary>
    public sealed record Lost : ReservationOutcome;

    /// <summary>A reservation has just run out; the next one is granted a moment later.</summary>
    /// <param name="Left">That moment.</param>
    public sealed record Settling(TimeSpan Left) : ReservationOutcome;

    /// <summary>It was given back, or ended by force.</summary>
    /// <param name="Was">The reservation that was.</param>
    public sealed record Freed(Reservation Was) : ReservationOutcome;

    /// <summary>It has run out.</summary>
    /// <param name="Was">The reservation that was.</param>
    public sealed record Expired(Reservation Was) : ReservationOutcome;

    /// <summary>There was nothing (more) to do for this caller.</summary>
    /// <param name="Now">Who holds the lane meanwhile; null when nobody does.</param>
    public sealed record Unchanged(Reservation? Now) : ReservationOutcome;

    /// <summary>The token is not that of the reservation.</summary>
    public sealed record WrongToken : ReservationOutcome;

    /// <summary>No such lane.</summary>
    /// <param name="Known">The lanes there are.</param>
    public sealed record UnknownLane(ImmutableArray<string> Known) : ReservationOutcome;
}
