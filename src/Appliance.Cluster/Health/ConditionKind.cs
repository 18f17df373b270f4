namespace Appliance.Cluster.Health;

/// <summary>The honest words for the state of a lane, a host or a service.</summary>
public enum ConditionKind
{
    /// <summary>Not known: not looked at, or not within the last observation period. Never shown as the last good value.</summary>
    Unknown,

    /// <summary>It answered as it should.</summary>
    Working,

    /// <summary>It works on something and answers slowly. Busy is not dead.</summary>
    Busy,

    /// <summary>It is on its way.</summary>
    Starting,

    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>It accepts requests and produces nothing.</summary>
    Stuck,

    /// <summary>It ended by itself.</summary>
    Crashed,

    /// <summary>Its machine or port does not answer.</summary>
    Unreachable,
}
