namespace Appliance.Swaps;

internal sealed record StopAskWire
{
    /// <summary>The lane; main when absent.</summary>
    public string? Lane { get; init; }

    /// <summary>The token of the reservation, when one is held.</summary>
    public string? Token { get; init; }

    /// <summary>Releases a reservation first, when one is held.</summary>
    public bool? Force { get; init; }
}
