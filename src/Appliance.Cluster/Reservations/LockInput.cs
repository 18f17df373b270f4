using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Reservations;

/// <summary>What can happen to a lock.</summary>
internal abstract record LockInput
{
    private LockInput()
    {
    }

    /// <summary>Somebody wants it, or more of it. The epoch and the token are taken if it is granted.</summary>
    public sealed record Acquire(ReservationAsk Ask, long Epoch, ReservationToken Token) : LockInput;

    /// <summary>Somebody gives it back; without a token only when nobody holds it anyway.</summary>
    public sealed record Release(TokenHash? Token) : LockInput;

    /// <summary>A person ends it; <paramref name="SeenEpoch"/> is the reservation they saw, null for any.</summary>
    public sealed record Force(long? SeenEpoch) : LockInput;

    /// <summary>Time has passed.</summary>
    public sealed record Look : LockInput;
}
