namespace Appliance.Cluster.Models;

/// <summary>What a model can do.</summary>
public enum Capability
{
    /// <summary>Answers chat messages.</summary>
    Chat,

    /// <summary>Sees pictures.</summary>
    Vision,

    /// <summary>Thinks before it answers.</summary>
    Reasoning,

    /// <summary>Calls tools.</summary>
    Tools,

    /// <summary>Makes embeddings.</summary>
    Embedding,

    /// <summary>Ranks documents.</summary>
    Rerank,

    /// <summary>Writes down speech.</summary>
    Asr,
}
