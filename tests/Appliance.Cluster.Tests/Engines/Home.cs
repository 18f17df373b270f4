using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Tests.Engines;

/// <summary>The usual home: two Sparks, the main lane over both, a small lane on the second.</summary>
internal static class Home
{
    public static LaneDefinition Main { get; } = new() { Id = LaneId.Main, Name = "Main", Hosts = [HostId.Parse("spark-1"), HostId.Parse("spark-2")] };

    public static LaneDefinition Small { get; } = new()
    {
        Id = LaneId.Parse("small"),
        Name = "Small helper",
        Hosts = [HostId.Parse("spark-2")],
        Port = 8002,
        Container = "vllm_small",
    };

    public static ClusterDefinition Cluster { get; } = new()
    {
        Hosts =
        [
            new HostDefinition { Id = HostId.Parse("spark-1"), Name = "Spark 1", Address = "192.0.2.11", User = "spark" },
            new HostDefinition { Id = HostId.Parse("spark-2"), Name = "Spark 2", Address = "192.0.2.12", User = "spark" },
        ],
        Lanes = [Main, Small],
    };
}
