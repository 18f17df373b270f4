namespace Appliance.Cluster.Events;

/// <summary>The types of events. Names are part of the API.</summary>
public static class EventTypes
{
    /// <summary>A swap or stop was accepted.</summary>
    public const string SwapStarted = "swap_started";

    /// <summary>The wanted model answers.</summary>
    public const string SwapComplete = "swap_complete";

    /// <summary>The wanted model does not answer; the details say whether the previous one is back.</summary>
    public const string SwapFailed = "swap_failed";

    /// <summary>A lane was stopped on purpose.</summary>
    public const string LaneStopped = "lane_stopped";

    /// <summary>A lane, host or service changed its condition.</summary>
    public const string ConditionChanged = "condition_changed";

    /// <summary>The appliance started.</summary>
    public const string ApplianceStarted = "appliance_started";
}
