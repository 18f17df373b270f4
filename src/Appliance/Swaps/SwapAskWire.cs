namespace Appliance.Swaps;

/// <summary>"Make this the running model."</summary>
internal sealed record SwapAskWire
{
    /// <summary>An id, a repo, a served name or an alias.</summary>
    public string? Model { get; init; }

    /// <summary>The lane; main when absent.</summary>
    public string? Lane { get; init; }

    /// <summary>The token of the reservation, when one is held.</summary>
    public string? Token { get; init; }

    /// <summary>Releases a reservation first, when one is held.</summary>
    public bool? Force { get; init; }

    /// <summary>Only tell what would happen.</summary>
    public bool? DryRun { get; init; }

    /// <summary>Wait for a swap that runs instead of being refused.</summary>
    public bool? Queue { get; init; }

    /// <summary>Answer when the job has ended, at the latest after so many seconds (at most 1800).</summary>
    public double? WaitSeconds { get; init; }

    /// <summary>A note for the history, at most 500 characters.</summary>
    public string? Note { get; init; }
}
