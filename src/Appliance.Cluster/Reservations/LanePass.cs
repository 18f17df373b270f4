using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Reservations;

/// <summary>What a caller shows to be let past a reservation. The default shows nothing.</summary>
public sealed record LanePass
{
    /// <summary>Nothing: good for a lane that nobody holds.</summary>
    public static LanePass None { get; } = new();

    /// <summary>The token of the reservation; null without one.</summary>
    public TokenHash? Token { get; init; }

    /// <summary>A person has decided to end whoever's reservation is in the way. The right token makes it needless.</summary>
    public bool IsForced { get; init; }

    /// <summary>
    /// The reservation (its epoch) that the person saw when deciding: only that one is ended, a later one is not. Null ends any, for scripts.
    /// </summary>
    public long? SeenEpoch { get; init; }

    /// <summary>A person ends the reservation with that epoch.</summary>
    public static LanePass Force(long? seenEpoch = null) => new() { IsForced = true, SeenEpoch = seenEpoch };

    /// <summary>The holder shows the token.</summary>
    public static LanePass Of(TokenHash? token) => token is null ? None : new LanePass { Token = token };
}
