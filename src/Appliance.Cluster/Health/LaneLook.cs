using Appliance.Cluster.Engines;
using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Health;

/// <summary>What one look at a lane showed. Parts that were not asked are null.</summary>
internal sealed record LaneLook(IdentityAnswer Identity)
{
    /// <summary>Whether a token came; null when none was asked for.</summary>
    public GenerationAnswer? Generation { get; init; }

    /// <summary>The counters; null when there are none.</summary>
    public ServerCounters? Counters { get; init; }

    /// <summary>What the host says; asked only when the server does not answer.</summary>
    public ServerPresence? Presence { get; init; }

    /// <summary>Why the host could not be asked.</summary>
    public HostFault? Fault { get; init; }
}
