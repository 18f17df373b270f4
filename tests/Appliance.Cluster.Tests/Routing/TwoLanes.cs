using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.TestKit.Time;

namespace Appliance.Cluster.Tests.Routing;

/// <summary>Two hosts, two lanes, an embeddings server and a bot, with two models on the menu.</summary>
internal sealed class TwoLanes
{
    public static readonly ModelCard Qwen = Card("Qwen/Qwen3.6-35B", "Qwen3.6 35B", "qwen-served");
    public static readonly ModelCard Gemma = Card("google/gemma-3-27b", "Gemma 3 27B", "gemma-served");

    public static readonly ClusterDefinition Definition = new()
    {
        Hosts =
        [
            new HostDefinition { Id = HostId.Parse("spark-1"), Name = "Spark 1", Address = "192.0.2.11", User = "alice" },
            new HostDefinition { Id = HostId.Parse("spark-2"), Name = "Spark 2", Address = "192.0.2.12", User = "alice" },
        ],
        Lanes =
        [
            new LaneDefinition { Id = LaneId.Main, Name = "Main", Hosts = [HostId.Parse("spark-1"), HostId.Parse("spark-2")] },
            new LaneDefinition { Id = LaneId.Parse("small"), Name = "Small helper", Hosts = [HostId.Parse("spark-2")], Port = 8002, Container = "vllm_small" },
        ],
        Services =
        [
            new ServiceDefinition { Id = ServiceId.Parse("embeddings"), Name = "Search memory", Purpose = "Embeddings", Kind = ServiceKind.Embeddings, Host = HostId.Parse("spark-2"), Port = 8088 },
            new ServiceDefinition { Id = ServiceId.Parse("matrix-bridge"), Name = "Matrix bot", Purpose = "Chat bot", Kind = ServiceKind.Bot, Host = HostId.Parse("spark-2") },
        ],
        Aliases = [new PortAlias("jerry-xl", 8888), new PortAlias("utility-b", 8002), new PortAlias("bench-s", 8107)],
    };

    public static Func<LaneSnapshot, LaneSnapshot> Serving(ModelCard card) => lane => lane with
    {
        Condition = new Condition(ConditionKind.Working),
        Serving = new ServingModel
        {
            Id = card.Id,
            Name = card.Name,
            ServedName = card.Recipe!.ServedName,
            Capabilities = card.Capabilities.IsEmpty ? [Capability.Chat] : card.Capabilities,
            ObservedAt = DateTimeOffset.UnixEpoch,
        },
    };

    public static Func<LaneSnapshot, LaneSnapshot> Swapping(ModelCard card, SwapState state, ModelCard? from = null) => lane => lane with
    {
        Swap = new SwapJob
        {
            Id = SwapJobId.Parse("swap-1"),
            Lane = lane.Definition.Id,
            Kind = SwapKind.Swap,
            Model = card.Id,
            ModelName = card.Name,
            ServedName = card.Recipe!.ServedName,
            State = state,
            Progress = 42,
            Eta = TimeSpan.FromSeconds(90),
            RequestedBy = "Alice",
            StartedAt = DateTimeOffset.UnixEpoch,
            From = from?.Id,
            FromName = from?.Name,
        },
    };

    public (Upstreams Upstreams, ClusterView View) Create()
    {
        var topology = new FixedTopology(Definition);
        var view = new ClusterView(topology, new ManualClock());
        view.Update(snapshot => snapshot with { Models = [Qwen, Gemma], ModelsAreKnown = true });
        return (new Upstreams(view, topology), view);
    }

    public Upstreams With(
        Func<LaneSnapshot, LaneSnapshot>? main = null,
        Func<LaneSnapshot, LaneSnapshot>? small = null,
        Func<ClusterSnapshot, ClusterSnapshot>? snapshot = null)
    {
        var (upstreams, view) = Create();
        view.Update(current => current with { Lanes = [main?.Invoke(current.Lanes[0]) ?? current.Lanes[0], small?.Invoke(current.Lanes[1]) ?? current.Lanes[1]] });
        view.Update(snapshot ?? (current => current));
        return upstreams;
    }

    private static ModelCard Card(string repo, string name, string servedName) => new()
    {
        Id = ModelId.Of(RepoId.Parse(repo)),
        Repo = RepoId.Parse(repo),
        Name = name,
        State = ModelState.Ready,
        Copies = [],
        Recipe = new Recipe { Repo = RepoId.Parse(repo), Name = name, ServedName = servedName, Placement = default, Source = default },
    };
}
