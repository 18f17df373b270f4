using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Appliance.Gateway.Exchanges;

/// <summary>The two shapes of a ranking's answer. Pure.</summary>
internal static class RankingWriter
{
    /// <summary>Foreign texts go through as they are written, so nothing is checked a second time.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Cohere's and Jina's, best first.</summary>
    public static ReadOnlyMemory<byte> Write(Ranking ranking, RerankAsk ask, in ReadOnlySequence<byte> body, string requestId)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        writer.WriteString("id"u8, $"rerank-{requestId}");
        writer.WriteString("object"u8, "rerank.result"u8);
        writer.WriteString("model"u8, ranking.Model);
        writer.WriteStartArray("results"u8);
        foreach (var (index, score) in ranking.Scores.Take(ask.Top ?? ranking.Scores.Length))
        {
            writer.WriteStartObject();
            writer.WriteNumber("index"u8, index);
            writer.WriteNumber("relevance_score"u8, score);
            if (ask.ReturnsDocuments)
            {
                writer.WriteStartObject("document"u8);
                writer.WritePropertyName("text"u8);
                writer.WriteRawValue(body.Slice(ask.Documents[index].Start, ask.Documents[index].Length), skipInputValidation: true);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        return End(buffer, writer, ranking);
    }

    /// <summary>vLLM's for scores, in the order of the texts.</summary>
    public static ReadOnlyMemory<byte> WriteScores(Ranking ranking, string requestId)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        writer.WriteString("id"u8, $"score-{requestId}");
        writer.WriteString("object"u8, "list"u8);
        writer.WriteString("model"u8, ranking.Model);
        writer.WriteStartArray("data"u8);
        foreach (var (index, score) in ranking.Scores.OrderBy(score => score.Index))
        {
            writer.WriteStartObject();
            writer.WriteNumber("index"u8, index);
            writer.WriteString("object"u8, "score"u8);
            writer.WriteNumber("score"u8, score);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        return End(buffer, writer, ranking);
    }

    private static ReadOnlyMemory<byte> End(ArrayBufferWriter<byte> buffer, Utf8JsonWriter writer, Ranking ranking)
    {
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("prompt_tokens"u8, ranking.PromptTokens);
        writer.WriteNumber("total_tokens"u8, ranking.TotalTokens);
        writer.WriteEndObject();
        writer.WriteString("score_kind"u8, ranking.Kind);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
