namespace Appliance.Simulation.Mistakes;

/// <summary>Mistakes that are planted on purpose, to show that the simulation finds them.</summary>
internal enum Mistake
{
    None,

    /// <summary>The new server is launched without stopping the old one.</summary>
    LaunchBeforeStop,

    /// <summary>The host is not asked whether the old server is gone.</summary>
    GoneIsAssumed,

    /// <summary>An old server that could not be seen gone counts as gone.</summary>
    NotGoneIsGone,

    /// <summary>The new server is launched without waiting for the memory of the old one.</summary>
    MemoryNotAwaited,

    /// <summary>The old server is stopped and takes its log with it.</summary>
    LogNotKept,

    /// <summary>A failed start simply fails; the previous model stays away.</summary>
    RollbackForgotten,

    /// <summary>A rollback that fails is tried for ever.</summary>
    RollbackWithoutBudget,

    /// <summary>A rollback counts as done when it is launched.</summary>
    RollbackNotProved,

    /// <summary>A server that names its model counts as live.</summary>
    LiveWithoutToken,

    /// <summary>A launched server counts as live.</summary>
    LiveAtLaunch,

    /// <summary>The probe takes a name for a token.</summary>
    ProbeBelievesNames,

    /// <summary>A cancel is taken and forgotten.</summary>
    CancelForgotten,

    /// <summary>A cancel says "cancelled" at once and leaves the machines as they are.</summary>
    CancelWithoutRollback,

    /// <summary>After a restart nobody takes the job up.</summary>
    JobForgottenAfterRestart,

    /// <summary>After a restart a launch whose outcome is unknown counts as done.</summary>
    LaunchTrustedAfterRestart,

    /// <summary>After a restart the machines are changed before they were looked at.</summary>
    ActsBeforeLooking,

    /// <summary>The journal never hears of a launch.</summary>
    LaunchNotJournalled,

    /// <summary>The end of a job is told and not stored.</summary>
    EndNotStored,

    /// <summary>The end of a job is told twice.</summary>
    EventTwice,

    /// <summary>A failure is not told.</summary>
    EventLost,

    /// <summary>The owner's program is sent two messages about one job.</summary>
    MessageTwice,

    /// <summary>The owner's program is sent no message about a job that was cancelled.</summary>
    MessageLost,

    /// <summary>Commands carry no epoch.</summary>
    FenceForgotten,

    /// <summary>A launch has no name, so that the host runs it again when it is given again.</summary>
    LaunchWithoutName,

    /// <summary>A job that the host refused goes on.</summary>
    RefusalIgnored,

    /// <summary>Who came last is served first.</summary>
    QueueIsStack,

    /// <summary>Who waits is never served.</summary>
    QueueStandsStill,

    /// <summary>Who waits is told that the model runs, whatever runs.</summary>
    QueueFulfilsAnything,

    /// <summary>What was seen running some time ago counts as running now.</summary>
    SeenCountsAsRunning,

    /// <summary>Who waits is not in the journal.</summary>
    WaitingNotStored,

    /// <summary>A reserved lane is changed by anybody.</summary>
    LockIgnored,

    /// <summary>Any token is as good as the right one.</summary>
    TokenNotChecked,

    /// <summary>A lane is reserved for the second who asks, too.</summary>
    TwoHolders,

    /// <summary>A reservation ends after half of its time.</summary>
    LockEndsEarly,

    /// <summary>A reservation ends by the wall clock.</summary>
    LockEndsByWallClock,

    /// <summary>After a restart nobody has reserved anything.</summary>
    LockNotStored,

    /// <summary>A reservation gets an epoch that was given before.</summary>
    EpochGivenTwice,

    /// <summary>The file holds the token itself.</summary>
    TokenWrittenDown,
}
