using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Health;

/// <summary>What a look at a container showed.</summary>
internal abstract record ContainerLook
{
    private ContainerLook()
    {
    }

    /// <summary>There is none to look at, or there was no need to look.</summary>
    public sealed record NotAsked : ContainerLook;

    /// <summary>Docker knows it.</summary>
    public sealed record Seen(ContainerState State) : ContainerLook;

    /// <summary>Docker knows no such container.</summary>
    public sealed record Gone : ContainerLook;

    /// <summary>The host answered, docker did not, or not in a way we understand.</summary>
    public sealed record Unclear(string Reason) : ContainerLook;

    /// <summary>The host could not be asked.</summary>
    public sealed record HostFailed(HostFault Fault) : ContainerLook;
}
