namespace Appliance.Reservations;

/// <summary>"Keep this lane for me."</summary>
internal sealed record LockAskWire
{
    /// <summary>Who asks: a name for people, 1 to 64 characters; longer ones are cut.</summary>
    public string? Holder { get; init; }

    /// <summary>For how long from now; 900 when absent, moved into 1 to 86400.</summary>
    public double? TtlSeconds { get; init; }

    /// <summary>What for, at most 200 characters; longer ones are cut.</summary>
    public string? Note { get; init; }

    /// <summary>The token of your reservation, to extend it; the header X-Swap-Token says the same.</summary>
    public string? Token { get; init; }

    /// <summary>The lane; main when absent.</summary>
    public string? Lane { get; init; }
}
