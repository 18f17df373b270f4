using System.Buffers;
using System.Text.Json;

namespace Appliance.Gateway.Exchanges;

/// <summary>An answer with embeddings, as places in its body. Pure.</summary>
internal sealed record EmbeddingsAnswer
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>The vectors, in the order of the answer.</summary>
    public List<Vector> Data { get; private init; } = [];

    /// <summary>The model that it names; null for none.</summary>
    public string? Model { get; private init; }

    public long PromptTokens { get; private init; }

    public long TotalTokens { get; private init; }

    /// <summary>Null for anything that is not an answer with embeddings, or that numbers them in an odd way.</summary>
    public static EmbeddingsAnswer? Read(in ReadOnlySequence<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Read(ref reader) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not JSON, or not this JSON: the caller is told that the server's answer was not understood.
            return null;
        }
    }

    private static EmbeddingsAnswer? Read(ref Utf8JsonReader reader)
    {
        var answer = new EmbeddingsAnswer();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (name == "data" && reader.TokenType == JsonTokenType.StartArray)
            {
                answer = answer with { Data = ReadVectors(ref reader) };
            }
            else if (name == "usage" && reader.TokenType == JsonTokenType.StartObject)
            {
                answer = ReadUsage(ref reader, answer);
            }
            else
            {
                answer = name == "model" && reader.TokenType == JsonTokenType.String ? answer with { Model = reader.GetString() } : answer;
                reader.Skip();
            }
        }

        return answer.Data.Select(vector => vector.Index).Order().SequenceEqual(Enumerable.Range(0, answer.Data.Count)) ? answer : null;
    }

    private static List<Vector> ReadVectors(ref Utf8JsonReader reader)
    {
        var data = new List<Vector>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            data.Add(ReadVector(ref reader, data.Count));
        }

        return data;
    }

    private static Vector ReadVector(ref Utf8JsonReader reader, int position)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("An embedding is an object.");
        }

        var vector = new Vector(position, default, IsText: false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (name == "embedding" && reader.TokenType is JsonTokenType.String or JsonTokenType.StartArray)
            {
                var isText = reader.TokenType == JsonTokenType.String;
                vector = vector with { Value = SliceReader.Take(ref reader), IsText = isText };
            }
            else
            {
                vector = name == "index" && reader.TryGetInt32(out var index) ? vector with { Index = index } : vector;
                reader.Skip();
            }
        }

        return vector.Value.Length > 0 ? vector : throw new JsonException("An embedding has a vector.");
    }

    private static EmbeddingsAnswer ReadUsage(ref Utf8JsonReader reader, EmbeddingsAnswer answer)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            var count = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : 0;
            answer = name switch
            {
                "prompt_tokens" => answer with { PromptTokens = count },
                "total_tokens" => answer with { TotalTokens = count },
                _ => answer,
            };
            reader.Skip();
        }

        return answer;
    }

    /// <summary>One vector.</summary>
    /// <param name="Index">Which text it belongs to.</param>
    /// <param name="Value">The numbers or the base64 text.</param>
    /// <param name="IsText">Whether it is base64.</param>
    internal readonly record struct Vector(int Index, JsonSlice Value, bool IsText);
}
