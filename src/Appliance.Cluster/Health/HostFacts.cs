using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Health;

/// <summary>What <c>host-facts.sh</c> told. Everything is null that the host did not report.</summary>
internal sealed record HostFacts
{
    /// <summary>Changes with every boot.</summary>
    public string? BootId { get; init; }

    public double? Load { get; init; }

    public ByteSize? MemoryTotal { get; init; }

    public ByteSize? MemoryAvailable { get; init; }

    public ByteSize? MemoryOfModels { get; init; }

    public ByteSize? DiskFree { get; init; }

    public string? GpuName { get; init; }

    public double? TemperatureCelsius { get; init; }

    public double? PowerWatts { get; init; }

    public double? GpuPercent { get; init; }

    public int? LinkMegabits { get; init; }

    public string? VpnAddress { get; init; }
}
