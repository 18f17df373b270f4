using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.View;

/// <summary>A host at one moment. Every reading is null when the host does not report it: a dash, never a zero.</summary>
public sealed record HostSnapshot
{
    /// <summary>What it is.</summary>
    public required HostDefinition Definition { get; init; }

    /// <summary>How it is.</summary>
    public Condition Condition { get; init; } = Condition.Unknown;

    /// <summary>Why it cannot be reached; null when it can.</summary>
    public HostFault? Fault { get; init; }

    /// <summary>When it last answered; the readings below are from then.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>All memory. On a Spark the GPU has no other (nvidia-smi says N/A there).</summary>
    public ByteSize? MemoryTotal { get; init; }

    /// <summary>Memory that a new program could have (<c>MemAvailable</c>).</summary>
    public ByteSize? MemoryAvailable { get; init; }

    /// <summary>Memory that the GPU's programs hold; null when not reported.</summary>
    public ByteSize? MemoryOfModels { get; init; }

    /// <summary>Free space on the disk with the model cache.</summary>
    public ByteSize? DiskFree { get; init; }

    /// <summary>The GPU's name.</summary>
    public string? GpuName { get; init; }

    /// <summary>The GPU's temperature in °C.</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>The GPU's power draw in watts.</summary>
    public double? PowerWatts { get; init; }

    /// <summary>The GPU's utilisation, 0 to 100.</summary>
    public double? GpuPercent { get; init; }

    /// <summary>The one-minute load average.</summary>
    public double? Load { get; init; }

    /// <summary>Speed of the fastest link that is up, in Mbit/s: on a Spark the cable to the other one.</summary>
    public int? LinkMegabits { get; init; }

    /// <summary>Its address in a VPN (a <c>tailscale</c>, <c>wg</c> or <c>tun</c> interface); null without one.</summary>
    public string? VpnAddress { get; init; }
}
