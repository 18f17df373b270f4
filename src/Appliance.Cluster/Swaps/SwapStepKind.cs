namespace Appliance.Cluster.Swaps;

/// <summary>The steps of a job that a person sees, in order.</summary>
public enum SwapStepKind
{
    /// <summary>Waiting for its turn.</summary>
    Queue,

    /// <summary>Checking that it can work.</summary>
    Check,

    /// <summary>Letting running answers finish.</summary>
    Drain,

    /// <summary>Keeping the log of the old model's server: its container takes it along.</summary>
    KeepLog,

    /// <summary>Stopping the old model.</summary>
    Stop,

    /// <summary>Waiting until its containers were seen gone.</summary>
    WaitGone,

    /// <summary>Waiting until its memory is back.</summary>
    WaitMemory,

    /// <summary>Giving the launch command.</summary>
    Launch,

    /// <summary>Loading the weights.</summary>
    Load,

    /// <summary>Compiling and warming up.</summary>
    WarmUp,

    /// <summary>Waiting for the first generated token.</summary>
    FirstAnswer,

    /// <summary>Bringing the previous model back.</summary>
    RollBack,
}
