using Appliance.Cluster.Events;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.TestKit.Given;

/// <summary>A snapshot of the home in the tests, changed step by step.</summary>
public sealed class SnapshotBuilder
{
    private ClusterSnapshot _snapshot = new()
    {
        Generation = 1,
        ObservedAt = Given.Now - TimeSpan.FromSeconds(2),
        Headline = "Qwen3.6 35B is answering.",
        Lanes = [Lane(Given.MainLane) with { Condition = Working, Serving = Qwen }],
        Hosts = [Host("spark-1", "Spark 1") with { MemoryOfModels = ByteSize.FromGigabytes(61), VpnAddress = "10.0.0.6" }, Host("spark-2", "Spark 2")],
        Services =
        [
            Service("asr", "Listening", "Speech to text", ServiceKind.Transcription),
            Service("tts", "Speaking", "Text to speech", ServiceKind.Speech),
            Service("embeddings", "Search memory", "Embeddings", ServiceKind.Embeddings),
            Service("qdrant", "Vectors", "Qdrant", ServiceKind.VectorStore),
            Service("matrix-bridge", "Matrix bot", "Chat in Matrix", ServiceKind.Bot),
        ],
        Models = [Given.Model(), Given.Model("Qwen3.6 35B", "RedHatAI/qwen3.6-35b", ModelState.Live)],
        ModelsAreKnown = true,
        Recent =
        [
            new ApplianceEvent { Id = 2, At = Given.Now.AddMinutes(-1), Type = EventTypes.SwapComplete, Component = "swaps", CorrelationId = "swap-0", Sentence = "Changed to Qwen3.6 35B in 1 min 38 s" },
        ],
    };

    public static ServingModel Qwen { get; } = new()
    {
        Id = ModelId.Of(RepoId.Parse("RedHatAI/qwen3.6-35b")),
        Name = "Qwen3.6 35B",
        Publisher = "RedHatAI",
        ServedName = "RedHatAI/qwen3.6-35b",
        HostNames = ["Spark 1"],
        Since = Given.Now.AddMinutes(-30),
        ObservedAt = Given.Now - TimeSpan.FromSeconds(2),
        Capabilities = [Capability.Chat, Capability.Vision, Capability.Reasoning, Capability.Tools],
        ContextLength = 262_144,
        TokensPerSecond = 97.2,
        TimeToFirstToken = TimeSpan.FromSeconds(0.4),
        Running = 2,
        Waiting = 0,
    };

    private static Condition Working { get; } = new(ConditionKind.Working);

    public ClusterSnapshot Build() => _snapshot;

    public SnapshotBuilder With(Func<ClusterSnapshot, ClusterSnapshot> change)
    {
        _snapshot = change(_snapshot);
        return this;
    }

    /// <summary>Right after the start: the definition is known and nothing else.</summary>
    public SnapshotBuilder LookingAround() => With(_ => new ClusterSnapshot
    {
        ObservedAt = Given.Now,
        Lanes = [.. _snapshot.Lanes.Select(lane => new LaneSnapshot { Definition = lane.Definition })],
        Hosts = [.. _snapshot.Hosts.Select(host => new HostSnapshot { Definition = host.Definition })],
        Services = [.. _snapshot.Services.Select(service => new ServiceSnapshot { Definition = service.Definition })],
    });

    public SnapshotBuilder Demo() => With(snapshot => snapshot with { IsDemo = true });

    public SnapshotBuilder MainLane(Func<LaneSnapshot, LaneSnapshot> change) =>
        With(snapshot => snapshot with { Lanes = snapshot.Lanes.SetItem(0, change(snapshot.Lanes[0])) });

    public SnapshotBuilder Swapping(SwapJob job) => MainLane(lane => lane with { Swap = job, Serving = null, Condition = new Condition(ConditionKind.Starting) });

    public SnapshotBuilder NothingRunning(ConditionKind kind = ConditionKind.Stopped, string? reason = null) =>
        MainLane(lane => lane with { Serving = null, Condition = new Condition(kind) { Reason = reason } });

    public SnapshotBuilder Reserved() => MainLane(lane => lane with { Reservation = Given.Reservation });

    public SnapshotBuilder TwoLanes() => With(snapshot => snapshot with
    {
        Lanes = snapshot.Lanes.Add(Lane(Given.SmallLane) with { Condition = new Condition(ConditionKind.Stopped) }),
    });

    /// <summary>A host that cannot be reached since 40 seconds.</summary>
    public SnapshotBuilder Unreachable(int host, HostFault fault) => With(snapshot => snapshot with
    {
        Hosts = snapshot.Hosts.SetItem(host, snapshot.Hosts[host] with
        {
            Fault = fault,
            Condition = new Condition(ConditionKind.Unreachable),
            ObservedAt = Given.Now.AddSeconds(-40),
        }),
    });

    public SnapshotBuilder Menu(params ModelCard[] models) => With(snapshot => snapshot with { Models = [.. models] });

    private static LaneSnapshot Lane(LaneDefinition definition) => new() { Definition = definition };

    private static HostSnapshot Host(string id, string name) => new()
    {
        Definition = new HostDefinition { Id = HostId.Parse(id), Name = name, Address = "192.0.2.1", User = "alice" },
        Condition = Working,
        ObservedAt = Given.Now,
        MemoryTotal = ByteSize.FromGigabytes(122),
        MemoryAvailable = ByteSize.FromGigabytes(38),
        DiskFree = ByteSize.FromGigabytes(1400),
        TemperatureCelsius = 58,
        PowerWatts = 41,
        LinkMegabits = 200_000,
    };

    private static ServiceSnapshot Service(string id, string name, string purpose, ServiceKind kind) => new()
    {
        Definition = new ServiceDefinition { Id = ServiceId.Parse(id), Name = name, Purpose = purpose, Kind = kind, Host = HostId.Parse("spark-2") },
        Condition = Working,
        Beats = [.. Enumerable.Repeat(ConditionKind.Working, 10)],
    };
}
