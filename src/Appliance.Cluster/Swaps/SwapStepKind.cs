namespace Appliance.Cluster.Swaps;

/// <summary>The steps of a job that a person sees, in order.</summary>
public enum SwapStepKind
{
    /// <summary>Checking that it can work.</summary>
    Check,

    /// <summary>Letting running answers finish.</summary>
    Drain,

    /// <summary>Stopping the old model.</summary>
    Stop,

    /// <summary>Starting the container and loading the weights.</summary>
    Load,

    /// <summary>Compiling and warming up.</summary>
    WarmUp,

    /// <summary>Waiting for the first generated token.</summary>
    FirstAnswer,

    /// <summary>Bringing the previous model back.</summary>
    RollBack,
}
