namespace Appliance.Cluster.Routing;

/// <summary>What a server is for.</summary>
public enum UpstreamTask
{
    /// <summary>Chat, completions, responses.</summary>
    Chat,

    /// <summary>Embeddings and rerank.</summary>
    Embeddings,

    /// <summary>Speech to text.</summary>
    Transcription,

    /// <summary>Text to speech.</summary>
    Speech,
}
