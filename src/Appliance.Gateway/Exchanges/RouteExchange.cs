namespace Appliance.Gateway.Exchanges;

/// <summary>How a row's requests get to their upstream.</summary>
internal enum RouteExchange
{
    /// <summary>As they come, both ways.</summary>
    Forward,

    /// <summary>As embeddings, see <see cref="EmbeddingsExchange"/>.</summary>
    Embeddings,

    /// <summary>As a ranking, see <see cref="RerankExchange"/>.</summary>
    Rerank,

    /// <summary>As a ranking that is asked for, and answered, in vLLM's words for scores.</summary>
    Score,
}
