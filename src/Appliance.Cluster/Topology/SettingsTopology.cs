using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Topology;

/// <summary>
/// Makes a definition from the settings (API.md): the usual home with one or two Sparks, where the first one also runs speech, embeddings and the vector
/// store. Each setting is good by itself; what does not go together is told here, all at once. Pure.
/// </summary>
public static class SettingsTopology
{
    /// <summary>Reads the settings. Without any host the definition is empty.</summary>
    public static TopologyReading Read(SettingValues values)
    {
        var problems = FindProblems(values);
        return TopologyReading.Of(Define(values), [.. problems.Select(problem => problem.Message)]);
    }

    /// <summary>What does not go together.</summary>
    internal static ImmutableArray<SettingProblem> FindProblems(SettingValues values)
    {
        var first = values.Get(TopologySettings.FirstHost);
        var second = values.Get(TopologySettings.SecondHost);
        var problems = ImmutableArray.CreateBuilder<SettingProblem>();
        if (first is not null && string.Equals(first, second, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add(new SettingProblem("SPARK2_HOST", "SPARK2_HOST names the same machine as SPARK1_HOST; leave it empty when there is one machine."));
        }

        if ((first ?? second) is not null && values.Get(TopologySettings.User) is null)
        {
            problems.Add(new SettingProblem("SSH_USER", "SSH_USER is needed to log in to the machines; for example SSH_USER=spark."));
        }

        return problems.ToImmutable();
    }

    private static ClusterDefinition Define(SettingValues values)
    {
        var template = new HostDefinition
        {
            Id = HostId.Parse("spark-1"),
            Name = "Spark 1",
            Address = "",
            User = values.Get(TopologySettings.User) ?? "",
            Port = values.Get(TopologySettings.SshPort),
            LaunchDirectory = RemotePath.Parse(values.Get(TopologySettings.LaunchDirectory)!),
            CacheDirectory = RemotePath.Parse(values.Get(TopologySettings.CacheDirectory)!),
        };
        var hosts = ImmutableArray.CreateBuilder<HostDefinition>();
        if (values.Get(TopologySettings.FirstHost) is { } first)
        {
            hosts.Add(template with { Address = first });
        }

        if (values.Get(TopologySettings.SecondHost) is { } second)
        {
            hosts.Add(template with { Id = HostId.Parse("spark-2"), Name = "Spark 2", Address = second });
        }

        if (hosts.Count == 0)
        {
            return ClusterDefinition.Empty;
        }

        var lane = new LaneDefinition
        {
            Id = LaneId.Main,
            Name = "Main",
            Hosts = [.. hosts.Select(host => host.Id)],
            Port = values.Get(TopologySettings.VllmPort),
            Container = values.Get(TopologySettings.Container)!,
            Image = values.Get(TopologySettings.Image),
        };
        return new ClusterDefinition { Hosts = hosts.ToImmutable(), Lanes = [lane], Services = DefineServices(values, hosts[0].Id) };
    }

    private static ImmutableArray<ServiceDefinition> DefineServices(SettingValues values, HostId host)
    {
        ImmutableArray<ServiceDefinition> all =
        [
            new() { Id = ServiceId.Parse("asr"), Name = "Listening", Purpose = "Speech to text", Kind = ServiceKind.Transcription, Host = host, Port = values.Get(TopologySettings.TranscriptionPort) },
            new() { Id = ServiceId.Parse("tts"), Name = "Speaking", Purpose = "Text to speech", Kind = ServiceKind.Speech, Host = host, Port = values.Get(TopologySettings.SpeechPort) },
            new() { Id = ServiceId.Parse("embeddings"), Name = "Search memory", Purpose = "Embeddings and rerank", Kind = ServiceKind.Embeddings, Host = host, Port = values.Get(TopologySettings.EmbeddingsPort) },
            new() { Id = ServiceId.Parse("qdrant"), Name = "Vectors", Purpose = "Vector store", Kind = ServiceKind.VectorStore, Host = host, Port = values.Get(TopologySettings.VectorPort), HealthPath = "/healthz" },
        ];
        // The bot has no port; it is there when its login name is.
        if (values.Get(TopologySettings.BotUser) is not null)
        {
            all = all.Add(new() { Id = ServiceId.Parse("matrix-bridge"), Name = "Matrix bot", Purpose = "Chat in Matrix rooms", Kind = ServiceKind.Bot, Host = host, Container = "matrix-bridge" });
        }

        var disabled = TopologySettings.WordsOf(values.Get(TopologySettings.DisabledServices));
        return [.. all.Where(service => !disabled.Contains(service.Id.Value))];
    }
}
