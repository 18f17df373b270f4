using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Topology;

/// <summary>
/// Makes a definition from the environment keys (API.md): the usual home with one or two Sparks, where the first one also runs speech, embeddings and the
/// vector store. Pure: every bad key is reported at once, with a good example.
/// </summary>
public static class EnvironmentTopology
{
    /// <summary>The keys that are read here.</summary>
    public static readonly ImmutableArray<string> Keys =
    [
        "SPARK1_HOST", "SPARK2_HOST", "SSH_USER", "SSH_PORT", "VLLM_PORT", "VLLM_CONTAINER", "VLLM_IMAGE", "LAUNCH_DIR", "HF_CACHE_DIR",
        "PARAKEET_PORT", "KOKORO_PORT", "EMBED_PORT", "QDRANT_PORT", "MATRIX_BRIDGE_USER", "DISABLED_SERVICES",
    ];

    /// <summary>Reads the keys; empty values count as absent. Without any host the definition is empty.</summary>
    public static TopologyReading Read(IReadOnlyDictionary<string, string?> environment)
    {
        var keys = new EnvironmentKeys(environment);
        var first = keys.Text("SPARK1_HOST", TopologyWords.IsAddress, "an IPv4 address or a DNS name", "192.0.2.11");
        var second = keys.Text("SPARK2_HOST", TopologyWords.IsAddress, "an IPv4 address or a DNS name", "192.0.2.12");
        if (first is not null && string.Equals(first, second, StringComparison.OrdinalIgnoreCase))
        {
            keys.Problem("SPARK2_HOST", "names the same machine as SPARK1_HOST; leave it empty when there is one machine");
        }

        var user = keys.Text("SSH_USER", TopologyWords.IsUser, "a login name (lower-case letters, digits, '_', '-', '.')", "spark");
        if (user is null && (first ?? second) is not null && !keys.HasProblem("SSH_USER"))
        {
            keys.Problem("SSH_USER", "is needed to log in to the machines; for example SSH_USER=spark");
        }

        var template = new HostDefinition
        {
            Id = HostId.Parse("spark-1"),
            Name = "Spark 1",
            Address = first ?? "",
            User = user ?? "",
            Port = keys.Port("SSH_PORT", 22),
            LaunchDirectory = keys.Path("LAUNCH_DIR", "~/spark-vllm-docker"),
            CacheDirectory = keys.Path("HF_CACHE_DIR", "~/.cache/huggingface"),
        };
        var hosts = ImmutableArray.CreateBuilder<HostDefinition>();
        if (first is not null)
        {
            hosts.Add(template);
        }

        if (second is not null)
        {
            hosts.Add(template with { Id = HostId.Parse("spark-2"), Name = "Spark 2", Address = second });
        }

        var lane = new LaneDefinition
        {
            Id = LaneId.Main,
            Name = "Main",
            Hosts = [.. hosts.Select(host => host.Id)],
            Port = keys.Port("VLLM_PORT", 8888),
            Container = keys.Text("VLLM_CONTAINER", TopologyWords.IsContainer, "a container's name", "vllm_node") ?? "vllm_node",
            Image = keys.Text("VLLM_IMAGE", TopologyWords.IsImage, "the name of a container image", "vllm-node"),
        };
        var services = ReadServices(keys, hosts.Count == 0 ? template.Id : hosts[0].Id);
        return TopologyReading.Of(
            hosts.Count == 0 ? ClusterDefinition.Empty : new ClusterDefinition { Hosts = hosts.ToImmutable(), Lanes = [lane], Services = services },
            keys.Problems);
    }

    private static ImmutableArray<ServiceDefinition> ReadServices(EnvironmentKeys keys, HostId host)
    {
        // The bot has no port; it is there when its login name is.
        var bot = keys.Text("MATRIX_BRIDGE_USER", TopologyWords.IsUser, "the login name under which the bot runs", "matrix-bridge");
        ImmutableArray<ServiceDefinition> all =
        [
            new() { Id = ServiceId.Parse("asr"), Name = "Listening", Purpose = "Speech to text", Kind = ServiceKind.Transcription, Host = host, Port = keys.Port("PARAKEET_PORT", 8000) },
            new() { Id = ServiceId.Parse("tts"), Name = "Speaking", Purpose = "Text to speech", Kind = ServiceKind.Speech, Host = host, Port = keys.Port("KOKORO_PORT", 8880) },
            new() { Id = ServiceId.Parse("embeddings"), Name = "Search memory", Purpose = "Embeddings and rerank", Kind = ServiceKind.Embeddings, Host = host, Port = keys.Port("EMBED_PORT", 8088) },
            new() { Id = ServiceId.Parse("qdrant"), Name = "Vectors", Purpose = "Vector store", Kind = ServiceKind.VectorStore, Host = host, Port = keys.Port("QDRANT_PORT", 6333), HealthPath = "/healthz" },
            .. bot is null
                ? ImmutableArray<ServiceDefinition>.Empty
                : [new() { Id = ServiceId.Parse("matrix-bridge"), Name = "Matrix bot", Purpose = "Chat in Matrix rooms", Kind = ServiceKind.Bot, Host = host, Container = "matrix-bridge" }],
        ];
        var disabled = keys.Words("DISABLED_SERVICES");
        ImmutableArray<string> known = ["asr", "tts", "embeddings", "qdrant", "matrix-bridge"];
        foreach (var word in disabled.Where(word => !known.Contains(word)))
        {
            keys.Problem("DISABLED_SERVICES", $"names '{EnvironmentKeys.Show(word)}', which is no service; known are {string.Join(", ", known)}, for example DISABLED_SERVICES=tts,qdrant");
        }

        return [.. all.Where(service => !disabled.Contains(service.Id.Value))];
    }
}
