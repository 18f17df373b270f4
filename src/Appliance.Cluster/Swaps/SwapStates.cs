namespace Appliance.Cluster.Swaps;

/// <summary>What follows from a state.</summary>
public static class SwapStates
{
    /// <summary>Whether a job in this state has ended. A terminal state never changes.</summary>
    public static bool IsTerminal(this SwapState state) =>
        state is SwapState.Live or SwapState.Failed or SwapState.RolledBack or SwapState.Cancelled;
}
