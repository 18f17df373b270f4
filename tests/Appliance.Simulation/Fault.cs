namespace Appliance.Simulation;

/// <summary>What befalls the home on top of what was asked.</summary>
internal enum Fault
{
    /// <summary>A machine goes away.</summary>
    HostOffline,

    /// <summary>A machine loses its power and comes back without what ran.</summary>
    HostRestart,

    /// <summary>The model server dies and leaves its container.</summary>
    ServerCrash,

    /// <summary>The container vanishes: somebody removed it by hand.</summary>
    RemovedByHand,

    /// <summary>Somebody starts a model by hand, past the appliance.</summary>
    StartedByHand,

    /// <summary>The model names itself and gives no token.</summary>
    Wedged,

    /// <summary>Every start fails.</summary>
    StartsFail,

    /// <summary>Docker runs nothing, and the launcher says that all is well.</summary>
    DockerRefuses,

    /// <summary>The disk of a machine is full.</summary>
    MachineDiskFull,

    /// <summary>The memory of a stopped server comes back late, or too late.</summary>
    SlowMemory,

    /// <summary>Starts take many times as long.</summary>
    SlowStarts,

    /// <summary>Commands get lost on their way to the machines.</summary>
    CommandsLost,

    /// <summary>Answers of the machines get lost.</summary>
    AnswersLost,

    /// <summary>The disk of the appliance takes nothing.</summary>
    DiskRefuses,

    /// <summary>The wall clock jumps.</summary>
    ClockJump,

    /// <summary>The appliance is killed.</summary>
    ApplianceKilled,

    /// <summary>The appliance sleeps, and goes on as if nothing had been.</summary>
    ApplianceSleeps,

    /// <summary>A second appliance changes the same machines.</summary>
    Rival,

    /// <summary>A person cancels.</summary>
    Cancel,

    /// <summary>A person ends somebody's reservation.</summary>
    ForcedRelease,
}
