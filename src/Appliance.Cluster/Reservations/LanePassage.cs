namespace Appliance.Cluster.Reservations;

/// <summary>Whether somebody is let past the reservation of a lane.</summary>
public abstract record LanePassage
{
    private LanePassage()
    {
    }

    /// <summary>The way is free.</summary>
    public sealed record Open : LanePassage;

    /// <summary>The way is free as soon as this reservation was ended by force.</summary>
    /// <param name="Reservation">It.</param>
    public sealed record OpenByForce(Reservation Reservation) : LanePassage;

    /// <summary>Somebody else holds it.</summary>
    /// <param name="By">That reservation.</param>
    public sealed record Locked(Reservation By) : LanePassage;

    /// <summary>The token that was shown holds nothing here: unknown, run out, ended by force or another lane's. Which of them is not told.</summary>
    public sealed record WrongToken : LanePassage;
}
