namespace Appliance.Cluster.Swaps;

/// <summary>The states of a job, in order; the last four are terminal. Names on the wire are the same in snake_case.</summary>
public enum SwapState
{
    /// <summary>Accepted, not begun.</summary>
    Queued,

    /// <summary>Checking hosts, launcher and fit. Nothing has been touched.</summary>
    Preflight,

    /// <summary>Letting running answers finish.</summary>
    Draining,

    /// <summary>Stopping the old model and waiting until it is seen gone.</summary>
    Stopping,

    /// <summary>The launch command runs.</summary>
    Launching,

    /// <summary>The server starts; its log is followed.</summary>
    Loading,

    /// <summary>The server names the model; waiting for its first token.</summary>
    Probing,

    /// <summary>Ended: the wanted state holds (for a stop job: nothing runs).</summary>
    Live,

    /// <summary>Ended: the wanted model does not answer, and no earlier one is back.</summary>
    Failed,

    /// <summary>Ended: the wanted model did not come up; the previous one answers again.</summary>
    RolledBack,

    /// <summary>Ended: somebody cancelled it.</summary>
    Cancelled,
}
