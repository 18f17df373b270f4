namespace Appliance.Simulation;

/// <summary>What the simulated world does to a swap on top of what was asked.</summary>
internal enum Fault
{
    /// <summary>A machine goes away.</summary>
    HostOffline,

    /// <summary>The model server dies and leaves its container.</summary>
    ServerCrash,

    /// <summary>The container vanishes: somebody stopped it by hand.</summary>
    StoppedByHand,

    /// <summary>The appliance is killed.</summary>
    ApplianceKilled,

    /// <summary>A person cancels.</summary>
    Cancel,
}
