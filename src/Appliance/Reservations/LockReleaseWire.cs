namespace Appliance.Reservations;

/// <summary>"I am done."</summary>
internal sealed record LockReleaseWire
{
    /// <summary>The token of your reservation; the header X-Swap-Token says the same.</summary>
    public string? Token { get; init; }

    /// <summary>The lane; main when absent. ?lane= says the same.</summary>
    public string? Lane { get; init; }
}
