using System.Buffers;
using System.Text.Json;

namespace Appliance.Gateway.Exchanges;

/// <summary>A ranking as one of the known servers gave it. Pure.</summary>
/// <param name="Scores">The text's position in what was asked, and its score.</param>
/// <param name="Server">What kind of server answers so.</param>
/// <param name="Model">The model that it names; null for none.</param>
/// <param name="PromptTokens">Tokens read; 0 when it does not say.</param>
/// <param name="TotalTokens">The same, all told.</param>
internal sealed record RerankAnswer(List<(int Index, double Score)> Scores, RerankServer Server, string? Model, long PromptTokens, long TotalTokens)
{
    /// <summary>Null for anything that is not a ranking of so many texts.</summary>
    public static RerankAnswer? Read(in ReadOnlySequence<byte> body, int texts)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var answer = Read(json.RootElement);
            return answer.Scores.Select(score => score.Index).Order().SequenceEqual(Enumerable.Range(0, texts)) ? answer : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Not JSON, or not this JSON: the caller is told that the server's answer was not understood.
            return null;
        }
    }

    private static RerankAnswer Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return new RerankAnswer(ReadScores(root), RerankServer.Tei, null, 0, 0);
        }

        var kind = root.TryGetProperty("object", out var value) ? value.GetString() : null;
        var usage = root.TryGetProperty("usage", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        var server = kind switch
        {
            "rerank" => RerankServer.Infinity,
            "rerank.result" => RerankServer.Raw,
            _ => RerankServer.Other,
        };
        var model = root.TryGetProperty("model", out var name) ? name.GetString() : null;
        return new RerankAnswer(ReadScores(root.GetProperty("results")), server, model, Count(usage, "prompt_tokens"), Count(usage, "total_tokens"));
    }

    private static List<(int Index, double Score)> ReadScores(JsonElement results) =>
        [.. results.EnumerateArray().Select(result => (
            result.GetProperty("index").GetInt32(),
            (result.TryGetProperty("relevance_score", out var score) ? score : result.GetProperty("score")).GetDouble()))];

    private static long Count(JsonElement usage, string name) =>
        usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty(name, out var count) && count.TryGetInt64(out var number) ? number : 0;
}
