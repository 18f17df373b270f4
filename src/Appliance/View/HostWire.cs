using Appliance.Cluster.Shell;
using Appliance.Cluster.View;

namespace Appliance.View;

/// <summary>A machine. A reading it does not report is absent, never zero.</summary>
internal sealed record HostWire
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Address { get; init; }

    public required ConditionWire Condition { get; init; }

    public HostFaultKind? FaultCode { get; init; }

    public string? Fault { get; init; }

    public string? Advice { get; init; }

    public DateTimeOffset? ObservedAt { get; init; }

    public string? GpuName { get; init; }

    public double? GpuPercent { get; init; }

    public double? TemperatureCelsius { get; init; }

    public double? PowerWatts { get; init; }

    public long? MemoryTotalBytes { get; init; }

    public long? MemoryAvailableBytes { get; init; }

    public long? MemoryOfModelsBytes { get; init; }

    public long? DiskFreeBytes { get; init; }

    public double? Load { get; init; }

    public int? LinkMegabits { get; init; }

    public string? VpnIp { get; init; }

    public static HostWire From(HostSnapshot host) => new()
    {
        Id = host.Definition.Id.Value,
        Name = host.Definition.Name,
        Address = host.Definition.Address,
        Condition = ConditionWire.From(host.Condition),
        FaultCode = host.Fault?.Kind,
        Fault = host.Fault?.Message,
        Advice = host.Fault?.Advice,
        ObservedAt = host.ObservedAt,
        GpuName = host.GpuName,
        GpuPercent = host.GpuPercent,
        TemperatureCelsius = host.TemperatureCelsius,
        PowerWatts = host.PowerWatts,
        MemoryTotalBytes = host.MemoryTotal?.Bytes,
        MemoryAvailableBytes = host.MemoryAvailable?.Bytes,
        MemoryOfModelsBytes = host.MemoryOfModels?.Bytes,
        DiskFreeBytes = host.DiskFree?.Bytes,
        Load = host.Load,
        LinkMegabits = host.LinkMegabits,
        VpnIp = host.VpnAddress,
    };
}
