using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Demo.Scenarios;

/// <summary>What is wrong with the simulated cluster now. Set <see cref="DemoCluster.Faults"/> to change it while it runs.</summary>
public sealed record DemoFaults
{
    /// <summary>Nothing is.</summary>
    public static DemoFaults None { get; } = new();

    /// <summary>A start takes so many times as long; 1 unless set.</summary>
    public double LoadFactor { get; init; } = 1;

    /// <summary>The memory of a server that ended comes back so many times as slowly; 1 unless set.</summary>
    public double MemoryReturnFactor { get; init; } = 1;

    /// <summary>How every start fails.</summary>
    public StartFailure StartFailure { get; init; }

    /// <summary>Models whose starts succeed all the same: the one to bring back.</summary>
    public ImmutableHashSet<RepoId> StartFailureSpares { get; init; } = [];

    /// <summary>The server on the main lane names its model and generates nothing. A restart helps.</summary>
    public bool Wedged { get; init; }

    /// <summary>Every server that starts from now on is wedged from its first moment.</summary>
    public bool WedgedAtStart { get; init; }

    /// <summary>Docker refuses to run containers; the launcher exits with 0 all the same.</summary>
    public bool DockerRefuses { get; init; }

    /// <summary>Services whose containers ended by themselves with exit code 1 and stay down.</summary>
    public ImmutableHashSet<ServiceId> Crashed { get; init; } = [];

    /// <summary>Hosts that cannot be reached. Their model servers do not answer either.</summary>
    public ImmutableHashSet<HostId> Offline { get; init; } = [];

    /// <summary>Hosts whose disk is full.</summary>
    public ImmutableHashSet<HostId> FullDisks { get; init; } = [];

    /// <summary>Hosts whose GPU is fully used: health answers come late, tokens slowly.</summary>
    public ImmutableHashSet<HostId> Busy { get; init; } = [];
}
