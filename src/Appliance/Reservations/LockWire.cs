using Appliance.Cluster.Reservations;
using Appliance.Problems;

namespace Appliance.Reservations;

/// <summary>Whether somebody has reserved the lane. Without <c>held</c> nothing else is there.</summary>
internal sealed record LockWire(bool Held)
{
    private static readonly LockWire Free = new(Held: false);

    public string? Holder { get; init; }

    public string? Note { get; init; }

    public DateTimeOffset? AcquiredAt { get; init; }

    /// <summary>By the wall clock as it stands now; the lock itself follows a clock that nobody sets.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whole seconds, rounded up.</summary>
    public long? SecondsRemaining { get; init; }

    public long? Epoch { get; init; }

    /// <summary>The secret: only in the answer that grants or extends.</summary>
    public string? Token { get; init; }

    /// <summary>As it was when <paramref name="reservation"/> was made: see <see cref="Reservation.At"/>.</summary>
    public static LockWire From(Reservation? reservation) => reservation is null
        ? Free
        : new LockWire(Held: true)
        {
            Holder = reservation.Holder,
            Note = reservation.Note,
            AcquiredAt = reservation.AcquiredAt,
            ExpiresAt = reservation.ExpiresAt,
            SecondsRemaining = RetryAfter.Seconds(reservation.Left),
            Epoch = reservation.Epoch,
        };
}
