using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Reservations;

/// <summary>"Keep this lane for me", checked.</summary>
public sealed record ReservationAsk
{
    /// <summary>The longest name of a holder, in UTF-16 units: what fits into one line of a phone. Longer ones are cut.</summary>
    public const int LongestHolder = 64;

    /// <summary>The longest note, in UTF-16 units. Longer ones are cut.</summary>
    public const int LongestNote = 200;

    /// <summary>How long a reservation lasts when nobody says how long.</summary>
    public static readonly TimeSpan DefaultTtl = TimeSpan.FromMinutes(15);

    /// <summary>The shortest one.</summary>
    public static readonly TimeSpan ShortestTtl = TimeSpan.FromSeconds(1);

    /// <summary>The longest one. It can be extended any number of times.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromDays(1);

    private ReservationAsk()
    {
    }

    /// <summary>The lane to keep.</summary>
    public required LaneId Lane { get; init; }

    /// <summary>Who asks, clean and never empty.</summary>
    public required string Holder { get; init; }

    /// <summary>What for, clean; null keeps the note that there is, if any.</summary>
    public required string? Note { get; init; }

    /// <summary>For how long, from the moment it is granted or extended.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>The token of the reservation that is to be extended; null for a new one.</summary>
    public required TokenHash? Token { get; init; }

    /// <summary>
    /// Cleans what a caller sent; null when no name is left. <paramref name="ttlSeconds"/> outside of <see cref="ShortestTtl"/> to <see cref="LongestTtl"/> is
    /// moved to the nearer of the two.
    /// </summary>
    public static ReservationAsk? TryCreate(LaneId lane, string? holder, string? note = null, double? ttlSeconds = null, TokenHash? token = null) =>
        OneLine.Clean(holder, LongestHolder) is { } name
            ? new ReservationAsk
            {
                Lane = lane,
                Holder = name,
                Note = OneLine.Clean(note, LongestNote),
                Ttl = ttlSeconds is { } seconds ? Clamp(seconds) : DefaultTtl,
                Token = token,
            }
            : null;

    private static TimeSpan Clamp(double seconds) =>
        TimeSpan.FromSeconds(Math.Clamp(double.IsNaN(seconds) ? 0 : seconds, ShortestTtl.TotalSeconds, LongestTtl.TotalSeconds));
}
