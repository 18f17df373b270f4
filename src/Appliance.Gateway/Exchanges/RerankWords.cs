using System.Collections.Immutable;
using System.Text.Json;

namespace Appliance.Gateway.Exchanges;

/// <summary>How a request for ranking calls the question and the texts.</summary>
/// <param name="Query">The names of the question, the usual one first.</param>
/// <param name="Documents">The names of the texts, the usual one first.</param>
/// <param name="TakesLists">Whether one text may stand for a list, and a list of one question for the question.</param>
internal sealed record RerankWords(ImmutableArray<string> Query, ImmutableArray<string> Documents, bool TakesLists)
{
    /// <summary>Cohere, Jina, vLLM, infinity; and TEI, which says texts.</summary>
    public static RerankWords Rerank { get; } = new(["query"], ["documents", "texts"], TakesLists: false);

    /// <summary>vLLM's score API, in its words of several years.</summary>
    public static RerankWords Score { get; } = new(["text_1", "queries", "query", "data_1"], ["text_2", "documents", "items", "data_2"], TakesLists: true);

    public bool IsQuery(in Utf8JsonReader name) => IsOneOf(name, Query);

    public bool IsDocuments(in Utf8JsonReader name) => IsOneOf(name, Documents);

    private static bool IsOneOf(in Utf8JsonReader name, ImmutableArray<string> words)
    {
        foreach (var word in words)
        {
            if (name.ValueTextEquals(word))
            {
                return true;
            }
        }

        return false;
    }
}
