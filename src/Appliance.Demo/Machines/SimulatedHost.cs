using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Demo.Cache;
using Appliance.Demo.Launching;

namespace Appliance.Demo.Machines;

/// <summary>A simulated DGX Spark: memory, GPU, disk, cache and containers. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither timer nor wait handle: there is nothing to free.")]
public sealed class SimulatedHost
{
    /// <summary>What a DGX Spark says in <c>/proc/meminfo</c> (spark-vllm-docker.md section 7).</summary>
    public static readonly ByteSize MemoryTotal = ByteSize.FromKibibytes(127_600_748);

    // The system and its services without a model, as on an idle Spark.
    private static readonly ByteSize SystemMemory = ByteSize.FromGigabytes(4.6);
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1.5);
    private static readonly ByteSize DiskTotal = ByteSize.FromGigabytes(3936);
    private static readonly ByteSize DiskOfSystem = ByteSize.FromGigabytes(212);

    private readonly TimeProvider _time;
    private readonly double _speed;
    private readonly Lock _gate = new();
    private CancellationTokenSource _online = new();
    private bool _isOnline = true;
    private Guid _boot = Guid.NewGuid();
    private ImmutableArray<(ByteSize Memory, TimeSpan Until)> _lingering = [];

    internal SimulatedHost(HostId id, string name, string address, SimulatedCache cache, TimeProvider time, double speed)
    {
        Id = id;
        Name = name;
        Address = address;
        Cache = cache;
        _time = time;
        _speed = speed;
        Docker = new SimulatedDocker(time, speed);
        Fence = new SimulatedFence(time, speed);
    }

    /// <summary>Its id in the definition.</summary>
    public HostId Id { get; }

    /// <summary>The name people see.</summary>
    public string Name { get; }

    /// <summary>Its loopback address.</summary>
    public string Address { get; }

    /// <summary>Its model cache.</summary>
    public SimulatedCache Cache { get; }

    /// <summary>Whether it can be reached.</summary>
    public bool IsOnline => Volatile.Read(ref _isOnline);

    /// <summary>Why nobody may log in, while its ports go on answering; null when one may.</summary>
    public HostFault? LoginFault { get; set; }

    /// <summary>The names of its containers.</summary>
    public IReadOnlyList<string> ContainerNames => [.. Docker.Containers.Select(container => container.Name)];

    /// <summary>Memory that a new program could have.</summary>
    public ByteSize MemoryAvailable => MemoryTotal - SystemMemory - MemoryOfModels - MemoryLingering;

    /// <summary>Memory that GPU programs hold.</summary>
    public ByteSize MemoryOfModels => new(Docker.Containers.Where(container => container.FinishedAt is null).Sum(container => container.GpuMemory.Bytes));

    /// <summary>Memory that ended programs held and that is not back yet.</summary>
    internal ByteSize MemoryLingering
    {
        get
        {
            lock (_gate)
            {
                var now = _time.GetElapsedTime(0);
                return new ByteSize(_lingering.Where(entry => entry.Until > now).Sum(entry => entry.Memory.Bytes));
            }
        }
    }

    internal TimeProvider Time => _time;

    internal SimulatedDocker Docker { get; }

    internal SimulatedFence Fence { get; }

    internal bool IsBusy { get; set; }

    internal bool IsDiskFull { get; set; }

    /// <summary>Cancelled when the host goes offline: what runs over a connection to it breaks.</summary>
    internal CancellationToken Connection
    {
        get
        {
            lock (_gate)
            {
                return _online.Token;
            }
        }
    }

    internal HostDefinition Define() => new() { Id = Id, Name = Name, Address = Address, User = "demo" };

    internal void SetOnline(bool isOnline)
    {
        CancellationTokenSource? broken = null;
        lock (_gate)
        {
            if (_isOnline == isOnline)
            {
                return;
            }

            Volatile.Write(ref _isOnline, isOnline);
            if (!isOnline)
            {
                broken = _online;
                _online = new CancellationTokenSource();
            }
        }

        broken?.Cancel();
        broken?.Dispose();
    }

    /// <summary>A power cut or a restart: what ran is gone without a record, and so are the containers that nobody starts again.</summary>
    internal async Task RestartAsync()
    {
        Fence.LoseRuns();
        foreach (var container in Docker.Containers.Where(container => container.RemovesItself))
        {
            await Docker.EndAsync(container, 137);
        }

        lock (_gate)
        {
            _boot = Guid.NewGuid();
        }
    }

    /// <summary>A program that held so much ended: the memory is back within seconds, not at once (spark-vllm-docker.md section 7).</summary>
    internal void GiveBack(ByteSize memory, double slowness)
    {
        lock (_gate)
        {
            var now = _time.GetElapsedTime(0);
            _lingering = _lingering.RemoveAll(entry => entry.Until <= now).Add((memory, now + (LingerTime * slowness / _speed)));
        }
    }

    /// <summary>The answer of <c>host-facts.sh</c>, with <c>nvidia-smi</c> as on a Spark.</summary>
    internal string Facts()
    {
        var containers = Docker.Containers;
        var isLoading = containers.Any(container => container.Server is { State: ServerState.Loading });
        var isServing = containers.Any(container => container.Server is { State: ServerState.Serving });
        // A slow wave, so that a dashboard of a demo is seen to live.
        var wave = (Math.Sin(_time.GetUtcNow().ToUnixTimeMilliseconds() / 19_000.0) + 1) / 2;
        var (celsius, watts, percent, load) = (IsBusy, isLoading, isServing) switch
        {
            (true, _, _) => (74 + (wave * 4), 61 + (wave * 8), 96 + (wave * 3), 9 + wave),
            (_, true, _) => (52 + (wave * 4), 26 + (wave * 9), 8 + (wave * 20), 6 + wave),
            (_, _, true) => (49 + (wave * 8), 21 + (wave * 14), 12 + (wave * 34), 1.2 + wave),
            _ => (41 + (wave * 2), 11 + wave, 0, 0.3 + (wave / 4)),
        };
        var free = IsDiskFull ? ByteSize.FromGigabytes(1.1) : DiskTotal - DiskOfSystem - Cache.Size;
        var used = DiskTotal - free;
        var apps = containers.Where(container => container is { GpuMemory.Bytes: > 0, FinishedAt: null })
            .Select((container, index) => $"app {3000 + index}, {(container.Server is null ? container.Name : "VLLM::EngineCore")}, {container.GpuMemory.Bytes >> 20}\n");
        return $"""
            appliance-facts 1
            boot {_boot}
            load {load:0.00} {load:0.00} {load:0.00} 2/812 40412
            memory MemTotal: {MemoryTotal.Bytes >> 10} kB
            memory MemAvailable: {MemoryAvailable.Bytes >> 10} kB
            disk /dev/nvme0n1p2 {DiskTotal.Bytes >> 10} {used.Bytes >> 10} {free.Bytes >> 10} {100 * used.Bytes / DiskTotal.Bytes}% /
            gpu NVIDIA GB10, {celsius:0}, {watts:0.00}, {percent:0}
            {string.Concat(apps)}apps read
            link enP7s7 up 10000
            link enp1s0f1np1 up 200000
            end

            """;
    }
}
