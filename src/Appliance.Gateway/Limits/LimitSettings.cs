using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;

namespace Appliance.Gateway.Limits;

/// <summary>How many requests a server gets at a time, and how many wait for their turn.</summary>
public static class LimitSettings
{
    private const string Section = "Requests";

    /// <summary>Requests at a time per chat model; 0 leaves it to the server, which has a queue of its own.</summary>
    public static NumberSetting Chat { get; } = Concurrency("CHAT_CONCURRENCY", "Chats at a time", "each chat model", 0);

    /// <summary>Requests at a time for the embeddings server; 0 leaves it to the server.</summary>
    public static NumberSetting Embeddings { get; } = Concurrency("EMBED_CONCURRENCY", "Embeddings at a time", "the embeddings server", 0);

    /// <summary>Requests at a time for speech to text. Two at once trip over each other on the GPU of the usual server (apis.md, section 0), so one.</summary>
    public static NumberSetting Transcription { get; } = Concurrency("ASR_CONCURRENCY", "Recordings at a time", "the server for speech to text", 1);

    /// <summary>Requests at a time for text to speech; 0 leaves it to the server.</summary>
    public static NumberSetting Speech { get; } = Concurrency("TTS_CONCURRENCY", "Spoken answers at a time", "the server for text to speech", 0);

    /// <summary>Requests that may wait per server.</summary>
    public static NumberSetting QueueLength { get; } = new()
    {
        Key = "QUEUE_LENGTH",
        Title = "Waiting requests per server",
        Help = "How many requests may wait for their turn at one server. Further ones are told to come back later, those of the program with the most waiting first.",
        Section = Section,
        Default = 100,
        Least = 0,
        Most = 10_000,
    };

    /// <summary>How long a request waits for its turn, in seconds.</summary>
    public static NumberSetting QueueSeconds { get; } = new()
    {
        Key = "QUEUE_SECONDS",
        Title = "Patience in the queue",
        Help = "How many seconds a request waits for its turn at a busy server before it is told to come back later.",
        Section = Section,
        Default = 300,
        Least = 1,
        Most = 86_400,
    };

    /// <summary>Whether the numbers above are found by trying.</summary>
    public static SwitchSetting Adaptive { get; } = new()
    {
        Key = "ADAPTIVE_LIMITS",
        Title = "Find the limits by measuring",
        Help = "On: where the number of requests at a time is 0, it is learned from how long answers take: more while they stay as quick, fewer when they get slow.",
        Section = Section,
        Default = false,
    };

    /// <summary>The setting for servers of a task.</summary>
    public static NumberSetting For(UpstreamTask task) => task switch
    {
        UpstreamTask.Chat => Chat,
        UpstreamTask.Embeddings => Embeddings,
        UpstreamTask.Transcription => Transcription,
        UpstreamTask.Speech => Speech,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static NumberSetting Concurrency(string key, string title, string server, int usual) => new()
    {
        Key = key,
        Title = title,
        Help = $"How many requests {server} gets at the same time; the others wait for their turn. 0 means no limit.",
        Section = Section,
        Default = usual,
        Least = 0,
        Most = 1_000,
    };
}
