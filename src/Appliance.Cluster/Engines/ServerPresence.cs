namespace Appliance.Cluster.Engines;

/// <summary>What a host says about the lane's server.</summary>
public enum ServerPresence
{
    /// <summary>The host could not be asked, or its answer made no sense. Never treated as gone.</summary>
    Unknown,

    /// <summary>No container of that name exists.</summary>
    Gone,

    /// <summary>The container is there and the server process runs in it.</summary>
    Running,

    /// <summary>The container is there but no server process runs in it: the normal picture of a crash, because PID 1 is <c>sleep infinity</c>.</summary>
    ContainerOnly,
}
