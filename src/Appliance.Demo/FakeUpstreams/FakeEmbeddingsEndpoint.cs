using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>Answers <c>/v1/embeddings</c>.</summary>
internal static class FakeEmbeddingsEndpoint
{
    public static async Task WriteAsync(HttpContext context, JsonElement body, string model, int dimensions)
    {
        if (!body.TryGetProperty("input", out var input) || ReadInputs(input) is not { IsEmpty: false } texts)
        {
            await FakeErrors.BadRequestAsync(context, "input: Field required");
            return;
        }

        if (body.TryGetProperty("dimensions", out var wanted) && wanted.ValueKind == JsonValueKind.Number && wanted.GetInt32() != dimensions)
        {
            await FakeErrors.BadRequestAsync(context, $"Model \"{model}\" does not support matryoshka representation, changing output dimensions will lead to poor results.");
            return;
        }

        var asBase64 = body.TryGetProperty("encoding_format", out var format) && format.ValueEquals("base64");
        var data = new JsonArray();
        for (var i = 0; i < texts.Length; i++)
        {
            var vector = FakeVectors.Embed(texts[i], dimensions);
            JsonNode embedding = asBase64
                ? Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()))
                : new JsonArray([.. vector.Select(x => (JsonNode?)JsonValue.Create(x))]);
            data.Add((JsonNode)new JsonObject { ["index"] = i, ["object"] = "embedding", ["embedding"] = embedding });
        }

        var tokens = texts.Sum(FakeTokenizer.Count);
        await FakeErrors.WriteJsonAsync(context, new JsonObject
        {
            ["id"] = $"embd-{Guid.NewGuid():N}",
            ["object"] = "list",
            ["model"] = model,
            ["data"] = data,
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens, ["completion_tokens"] = 0 },
        });
    }

    /// <summary>A text, several texts, token ids, or several rows of token ids.</summary>
    private static ImmutableArray<string> ReadInputs(JsonElement input) => input.ValueKind switch
    {
        JsonValueKind.String => [input.GetString()!],
        JsonValueKind.Array when input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number => [input.GetRawText()],
        JsonValueKind.Array => [.. input.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())],
        _ => [],
    };
}
