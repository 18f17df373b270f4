namespace Appliance.Cluster.Swaps;

/// <summary>What a job is to bring about.</summary>
public enum SwapKind
{
    /// <summary>That a model answers.</summary>
    Swap,

    /// <summary>That nothing runs on the lane.</summary>
    Stop,
}
