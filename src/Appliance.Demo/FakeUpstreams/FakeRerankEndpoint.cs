using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>Ranks texts by the words that they share with a question, in the order of the texts, as servers do whose callers sort for themselves.</summary>
internal static class FakeRerankEndpoint
{
    private const int Dimensions = 256;

    /// <summary>As vLLM answers: probabilities, and the texts always come back.</summary>
    public static async Task WriteLikeVllmAsync(HttpContext context, JsonElement body, string model)
    {
        if (Read(body) is not { } ranked)
        {
            await FakeErrors.BadRequestAsync(context, "query, documents: Field required");
            return;
        }

        await FakeErrors.WriteJsonAsync(context, new JsonObject
        {
            ["id"] = $"score-{Guid.NewGuid():N}",
            ["model"] = model,
            ["usage"] = new JsonObject { ["prompt_tokens"] = ranked.Tokens, ["total_tokens"] = ranked.Tokens },
            ["results"] = new JsonArray([.. ranked.Texts.Select((text, i) => (JsonNode?)new JsonObject
            {
                ["index"] = i,
                ["document"] = new JsonObject { ["text"] = text, ["multi_modal"] = null },
                ["relevance_score"] = 1 / (1 + Math.Exp(-ranked.Logits[i])),
            })]),
        });
    }

    /// <summary>As the described container answers: what the model gives, and no texts.</summary>
    public static async Task WriteRawAsync(HttpContext context, JsonElement body, string model)
    {
        if (Read(body) is not { } ranked)
        {
            await FakeErrors.WriteJsonAsync(context, new JsonObject { ["detail"] = "query, documents: Field required" }, StatusCodes.Status422UnprocessableEntity);
            return;
        }

        await FakeErrors.WriteJsonAsync(context, new JsonObject
        {
            ["object"] = "rerank.result",
            ["model"] = model,
            ["results"] = new JsonArray([.. ranked.Logits.Select((logit, i) => (JsonNode?)new JsonObject { ["index"] = i, ["relevance_score"] = logit })]),
        });
    }

    private static Ranked? Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("query", out var query) || query.ValueKind != JsonValueKind.String
            || !body.TryGetProperty("documents", out var documents) || documents.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var texts = documents.EnumerateArray().Select(document => document.ValueKind == JsonValueKind.String ? document.GetString()! : document.GetRawText()).ToArray();
        var wanted = FakeVectors.Embed(query.GetString()!, Dimensions);
        var logits = texts.Select(text => Math.Round((FakeVectors.Embed(text, Dimensions).Zip(wanted, (a, b) => a * b).Sum() * 12) - 6, 4)).ToArray();
        return new Ranked(texts, logits, FakeTokenizer.Count(query.GetString()!) + texts.Sum(FakeTokenizer.Count));
    }

    private sealed record Ranked(string[] Texts, double[] Logits, int Tokens);
}
