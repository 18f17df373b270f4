using System.Collections.Immutable;
using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Topology;

/// <summary>
/// What describes the usual home with one or two Sparks. Lanes and machines do not change under a running job, so all of it takes effect with the next start.
/// </summary>
public static class TopologySettings
{
    private const string Machines = "Machines";
    private const string ModelServer = "Model server";
    private const string Services = "Services beside the model";

    /// <summary>The services that can be left out.</summary>
    internal static readonly ImmutableArray<string> ServiceNames = ["asr", "tts", "embeddings", "qdrant", "matrix-bridge"];

    /// <summary>The first machine.</summary>
    public static readonly TextSetting FirstHost = Text(
        "SPARK1_HOST", "First machine", "Its address on your network. An address is better than a .local name, which containers cannot look up.", Machines, null,
        TopologyWords.IsAddress, "an IPv4 address or a DNS name", "192.0.2.11");

    /// <summary>The second machine.</summary>
    public static readonly TextSetting SecondHost = Text(
        "SPARK2_HOST", "Second machine", "Leave it empty when there is one machine.", Machines, null, TopologyWords.IsAddress, "an IPv4 address or a DNS name", "192.0.2.12");

    /// <summary>The login name on the machines.</summary>
    public static readonly TextSetting User = Text(
        "SSH_USER", "Login name", "The name under which the appliance logs in to the machines over SSH.", Machines, null,
        TopologyWords.IsUser, "a login name (lower-case letters, digits, '_', '-', '.')", "spark");

    /// <summary>The SSH port of all machines.</summary>
    public static readonly NumberSetting SshPort = Port("SSH_PORT", "SSH port", "The port for SSH on all machines.", Machines, 22);

    /// <summary>The port of the model server.</summary>
    public static readonly NumberSetting VllmPort = Port("VLLM_PORT", "Port", "Where the model server answers on its machine.", ModelServer, 8888);

    /// <summary>The name of the model server's container.</summary>
    public static readonly TextSetting Container = Text(
        "VLLM_CONTAINER", "Container", "The name of the container in which the model server runs.", ModelServer, "vllm_node",
        TopologyWords.IsContainer, "a container's name", "vllm_node");

    /// <summary>The image of the model server.</summary>
    public static readonly TextSetting Image = Text(
        "VLLM_IMAGE", "Image", "The container image of the model server. Empty leaves it to the launcher.", ModelServer, null,
        TopologyWords.IsImage, "the name of a container image", "vllm-node");

    /// <summary>The folder of the launcher on the machines.</summary>
    public static readonly TextSetting LaunchDirectory = Folder(
        "LAUNCH_DIR", "Folder of the launcher", "Where launch-cluster.sh lies on the machines; ~ is the login's home.", "~/spark-vllm-docker");

    /// <summary>The Hugging Face home on the machines.</summary>
    public static readonly TextSetting CacheDirectory = Folder(
        "HF_CACHE_DIR", "Folder of the models", "Where the Hugging Face cache lies on the machines; ~ is the login's home.", "~/.cache/huggingface");

    /// <summary>The port of speech to text.</summary>
    public static readonly NumberSetting TranscriptionPort = Port("PARAKEET_PORT", "Listening: port", "Where speech to text answers on the first machine.", Services, 8000);

    /// <summary>The port of text to speech.</summary>
    public static readonly NumberSetting SpeechPort = Port("KOKORO_PORT", "Speaking: port", "Where text to speech answers on the first machine.", Services, 8880);

    /// <summary>The port of embeddings and rerank.</summary>
    public static readonly NumberSetting EmbeddingsPort = Port("EMBED_PORT", "Search memory: port", "Where embeddings and rerank answer on the first machine.", Services, 8088);

    /// <summary>The port of the vector store.</summary>
    public static readonly NumberSetting VectorPort = Port("QDRANT_PORT", "Vectors: port", "Where Qdrant answers on the first machine.", Services, 6333);

    /// <summary>The login name under which the bot runs.</summary>
    public static readonly TextSetting BotUser = Text(
        "MATRIX_BRIDGE_USER", "Matrix bot: login name", "The login under which the bot runs on the first machine. Empty when there is no bot.", Services, null,
        TopologyWords.IsUser, "the login name under which the bot runs", "matrix-bridge");

    /// <summary>The services to leave out.</summary>
    public static readonly TextSetting DisabledServices = Text(
        "DISABLED_SERVICES", "Services to leave out", $"Names with a comma between them: {string.Join(", ", ServiceNames)}. They get no tile and are not asked.", Services, null,
        text => WordsOf(text).All(word => ServiceNames.Contains(word)), $"a list of {string.Join(", ", ServiceNames)}", "tts,qdrant");

    /// <summary>All of them, in the order of the page.</summary>
    public static readonly ImmutableArray<Setting> All =
    [
        FirstHost, SecondHost, User, SshPort, VllmPort, Container, Image, LaunchDirectory, CacheDirectory, TranscriptionPort, SpeechPort, EmbeddingsPort, VectorPort, BotUser,
        DisabledServices,
    ];

    /// <summary>What must hold between them.</summary>
    public static readonly SettingsRule Rule = new(values => SettingsTopology.FindProblems(values));

    internal static ImmutableArray<string> WordsOf(string? text) =>
        [.. (text ?? "").Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => word.ToLowerInvariant())];

    private static TextSetting Text(
        string key, string title, string help, string section, string? absent, Func<string, bool> isGood, string grammar, string example) => new()
        {
            Key = key,
            Title = title,
            Help = help,
            Section = section,
            Default = absent,
            IsGood = isGood,
            Grammar = grammar,
            Example = example,
            NeedsRestart = true,
        };

    private static TextSetting Folder(string key, string title, string help, string absent) => Text(
        key, title, help, ModelServer, absent, text => RemotePath.TryParse(text, out _), "an absolute path or one below ~/ without '..'", absent);

    private static NumberSetting Port(string key, string title, string help, string section, int absent) => new()
    {
        Key = key,
        Title = title,
        Help = help,
        Section = section,
        Default = absent,
        Least = 1,
        Most = 65535,
        NeedsRestart = true,
    };
}
