namespace Appliance.Cluster.Topology;

/// <summary>What a service speaks, and so what the gateway can send to it.</summary>
public enum ServiceKind
{
    /// <summary>Speech to text: the OpenAI transcriptions API.</summary>
    Transcription,

    /// <summary>Text to speech: the OpenAI speech API.</summary>
    Speech,

    /// <summary>Embeddings and rerank: the OpenAI embeddings API.</summary>
    Embeddings,

    /// <summary>A vector store: Qdrant's REST API.</summary>
    VectorStore,

    /// <summary>A program without an API of its own.</summary>
    Bot,
}
