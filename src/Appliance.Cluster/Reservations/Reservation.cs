using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Reservations;

/// <summary>A lane is kept for one holder: while it is held, only who shows its token changes what runs there.</summary>
public sealed record Reservation
{
    /// <summary>Who holds it, as they call themselves; see <see cref="ReservationAsk.LongestHolder"/>. A name, no proof.</summary>
    public required string Holder { get; init; }

    /// <summary>What for; null without a note.</summary>
    public string? Note { get; init; }

    /// <summary>When it was granted.</summary>
    public required DateTimeOffset AcquiredAt { get; init; }

    /// <summary>For how long it was granted or last extended; a restart of the appliance grants it anew.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>The fencing number of the grant: later grants and forced releases have higher ones.</summary>
    public required long Epoch { get; init; }

    /// <summary>When it ends on the monotonic clock of this process (<see cref="ClockReading.Monotonic"/>). Never before; what it says is a promise.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>When it ends on the wall clock, as that clock stood when this value was made: for people. Nothing is decided with it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What was left of it when this value was made.</summary>
    public required TimeSpan Left { get; init; }

    /// <summary>The reservation as it is shown now; null when it has run out.</summary>
    public Reservation? At(ClockReading now)
    {
        var left = Deadline - now.Monotonic;
        return left <= TimeSpan.Zero ? null : this with { Left = left, ExpiresAt = now.Wall.Add(left) };
    }
}
