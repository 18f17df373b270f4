using System.Security.Cryptography;
using Appliance.Cluster.Primitives;
using Appliance.Demo.Launching;

namespace Appliance.Demo.Machines;

/// <summary>A container on a simulated host. Mutable parts are written under the lock of its <see cref="SimulatedDocker"/> or by its one server.</summary>
internal sealed class SimulatedContainer(string name, string image, DateTimeOffset createdAt)
{
    private long _gpuBytes;
    private SimulatedServer? _server;

    public string Id { get; } = RandomNumberGenerator.GetHexString(64, lowercase: true);

    public string Name => name;

    public string Image => image;

    public DateTimeOffset StartedAt { get; set; } = createdAt;

    public ContainerLog Log { get; } = new();

    /// <summary>Whether docker removes it when it stops, as the launcher asks for.</summary>
    public bool RemovesItself { get; init; } = true;

    /// <summary>How long PID 1 takes to obey a stop: <c>sleep infinity</c> ignores the signal until docker's patience ends.</summary>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Set when it stopped and stayed.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    public int ExitCode { get; set; }

    /// <summary>The HTTP server of a service; null for a model server's container and for a bot.</summary>
    public SimulatedService? Service { get; init; }

    /// <summary>The model server that runs in it (on a worker node: that it is a part of); null when none does.</summary>
    public SimulatedServer? Server
    {
        get => Volatile.Read(ref _server);
        set => Volatile.Write(ref _server, value);
    }

    /// <summary>Memory that its GPU programs hold.</summary>
    public ByteSize GpuMemory
    {
        get => new(Volatile.Read(ref _gpuBytes));
        set => Volatile.Write(ref _gpuBytes, value.Bytes);
    }
}
