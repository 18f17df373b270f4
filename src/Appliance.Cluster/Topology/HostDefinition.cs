using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Topology;

/// <summary>A machine, which we reach over SSH or only watch.</summary>
public sealed record HostDefinition
{
    /// <summary>Our name for it.</summary>
    public required HostId Id { get; init; }

    /// <summary>The name people see, for example "Spark 1".</summary>
    public required string Name { get; init; }

    /// <summary>An IPv4 literal or a DNS name; used for SSH and for HTTP. Literals avoid the <c>.local</c> IPv6 stall (F-35).</summary>
    public required string Address { get; init; }

    /// <summary>
    /// Whether nobody logs in to it: what answers at its ports is served, and nothing is started or stopped there. For machines that others look after.
    /// </summary>
    public bool IsOnlyWatched { get; init; }

    /// <summary>The login name; empty for a machine that is only watched.</summary>
    public required string User { get; init; }

    /// <summary>The SSH port; 22 unless set.</summary>
    public int Port { get; init; } = 22;

    /// <summary>Where <c>launch-cluster.sh</c> lives on this host.</summary>
    public RemotePath LaunchDirectory { get; init; } = RemotePath.Parse("~/spark-vllm-docker");

    /// <summary>The Hugging Face home on this host; the hub cache is its <c>hub</c> folder.</summary>
    public RemotePath CacheDirectory { get; init; } = RemotePath.Parse("~/.cache/huggingface");
}
