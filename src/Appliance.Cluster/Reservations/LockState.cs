using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Reservations;

/// <summary>The lock of one lane.</summary>
internal sealed record LockState
{
    /// <summary>Nobody holds it, and nobody did.</summary>
    public static LockState Free { get; } = new();

    /// <summary>Who holds it; null when nobody does. May have run out without anybody having looked.</summary>
    public Reservation? Held { get; init; }

    /// <summary>The token of <see cref="Held"/>.</summary>
    public TokenHash Token { get; init; }

    /// <summary>Tokens that held it before, the newest last, at most <see cref="ReservationLock.RememberedTokens"/>: giving back twice is no mistake.</summary>
    public ImmutableArray<TokenHash> EndedTokens { get; init; } = [];

    /// <summary>When the next reservation may be granted after one ran out, on the monotonic clock.</summary>
    public TimeSpan SettledAt { get; init; } = TimeSpan.MinValue;
}
