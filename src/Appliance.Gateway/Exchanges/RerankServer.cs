namespace Appliance.Gateway.Exchanges;

/// <summary>Servers that rank, as far as their answers tell them apart.</summary>
internal enum RerankServer
{
    /// <summary>vLLM, and whoever answers as Cohere and Jina do.</summary>
    Other,

    /// <summary>Text Embeddings Inference: a bare list.</summary>
    Tei,

    /// <summary>infinity.</summary>
    Infinity,

    /// <summary>The described container around bge-reranker-v2-m3, which gives what the model gives.</summary>
    Raw,
}
