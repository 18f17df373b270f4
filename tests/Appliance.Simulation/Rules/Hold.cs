using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;

namespace Appliance.Simulation.Rules;

/// <summary>A reservation as its holder knows it.</summary>
internal sealed class Hold(LaneId lane, ReservationToken token, string holder, long epoch)
{
    public LaneId Lane => lane;

    public ReservationToken Token => token;

    public string Holder => holder;

    public long Epoch => epoch;

    /// <summary>When the holder knew.</summary>
    public TimeSpan From { get; init; }

    /// <summary>Until when it was promised.</summary>
    public TimeSpan Until { get; set; }

    /// <summary>Whether somebody asked to end it: it may be over or not.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>Since when it is known to be over; null when it is not.</summary>
    public TimeSpan? OverAt { get; set; }

    /// <summary>Whether it holds a lane without doubt all the time between two moments.</summary>
    public bool IsSure(LaneId of, TimeSpan from, TimeSpan until) => lane == of && !IsGivenUp && OverAt is null && From < from && until < Until;
}
