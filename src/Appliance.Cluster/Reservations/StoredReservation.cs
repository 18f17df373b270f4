namespace Appliance.Cluster.Reservations;

/// <summary>A row of the store. Times are Unix milliseconds.</summary>
internal sealed class StoredReservation
{
    public long Epoch { get; init; }

    public required string Lane { get; init; }

    public required string Holder { get; init; }

    public string? Note { get; init; }

    public required byte[] Token { get; init; }

    public long Ttl { get; init; }

    public long AcquiredAt { get; init; }

    public long? EndedAt { get; init; }

    /// <summary>As it was when it was stored; when it ends is for <see cref="ReservationLock.Restore"/> to say.</summary>
    public Reservation ToReservation() => new()
    {
        Holder = Holder,
        Note = Note,
        AcquiredAt = DateTimeOffset.FromUnixTimeMilliseconds(AcquiredAt),
        Ttl = TimeSpan.FromMilliseconds(Ttl),
        Epoch = Epoch,
        Deadline = TimeSpan.Zero,
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(AcquiredAt),
        Left = TimeSpan.Zero,
    };
}
