namespace Appliance.Simulation;

/// <summary>Mistakes that are planted on purpose, to show that the simulation finds them.</summary>
internal enum Mistake
{
    None,

    /// <summary>The new server is launched without waiting until the old one is gone.</summary>
    LaunchBeforeGone,

    /// <summary>The new server is launched without waiting for the old one's memory.</summary>
    LaunchWithoutMemory,

    /// <summary>A failed start simply fails; the previous model stays away.</summary>
    RollbackForgotten,

    /// <summary>After a restart an unfinished launch is given again.</summary>
    LaunchRepeatedAfterRestart,

    /// <summary>A server that names its model counts as live.</summary>
    LiveWithoutToken,

    /// <summary>The journal is written after the hosts were touched.</summary>
    JournalledTooLate,

    /// <summary>A cancel abandons a launch command that is under way.</summary>
    LaunchAbandonedByCancel,

    /// <summary>After a restart nobody takes the job up.</summary>
    JobForgottenAfterRestart,

    /// <summary>A rollback that fails is tried for ever.</summary>
    RollbackWithoutBudget,
}
