using System.Buffers;
using System.Text.Json;

namespace Appliance.Gateway.Exchanges;

/// <summary>What a request for embeddings asks for, as places in its body. Pure.</summary>
internal sealed record EmbeddingsAsk
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>Where the texts stand; empty when the body names none.</summary>
    public JsonSlice Input { get; private init; }

    /// <summary>Each text, or row of token ids; one item when a single one was given without brackets.</summary>
    public List<JsonSlice> Items { get; private init; } = [];

    /// <summary>Whether the vectors are wanted as base64.</summary>
    public bool WantsBase64 { get; private init; }

    /// <summary>The wanted length of a vector; null for the model's own.</summary>
    public int? Dimensions { get; private init; }

    /// <summary>Where <see cref="Dimensions"/> stands.</summary>
    public JsonSlice DimensionsPlace { get; private init; }

    /// <summary>Whether the inputs are pictures or sounds, of which some servers take addresses.</summary>
    public bool IsMedia { get; private init; }

    /// <summary>Reads a body that is known to be a JSON object.</summary>
    public static EmbeddingsAsk Read(in ReadOnlySequence<byte> body)
    {
        var ask = new EmbeddingsAsk();
        var reader = new Utf8JsonReader(body, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ask = ask.With(ref reader);
            reader.Skip();
        }

        return ask;
    }

    private EmbeddingsAsk With(ref Utf8JsonReader reader)
    {
        var name = reader;
        reader.Read();
        if (name.ValueTextEquals("input"u8))
        {
            return WithInput(ref reader);
        }

        if (name.ValueTextEquals("encoding_format"u8))
        {
            return this with { WantsBase64 = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("base64"u8) };
        }

        if (name.ValueTextEquals("modality"u8))
        {
            return this with { IsMedia = reader.TokenType == JsonTokenType.String && !reader.ValueTextEquals("text"u8) };
        }

        return !name.ValueTextEquals("dimensions"u8) ? this : this with
        {
            Dimensions = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var dimensions) ? dimensions : null,
            DimensionsPlace = new JsonSlice(reader.TokenStartIndex, reader.BytesConsumed - reader.TokenStartIndex),
        };
    }

    private EmbeddingsAsk WithInput(ref Utf8JsonReader reader)
    {
        var start = reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            var single = SliceReader.Take(ref reader);
            return this with { Input = single, Items = [single] };
        }

        var first = reader;
        var isRow = first.Read() && first.TokenType == JsonTokenType.Number;
        if (isRow)
        {
            var row = SliceReader.Take(ref reader);
            return this with { Input = row, Items = [row] };
        }

        var items = SliceReader.TakeItems(ref reader);
        return this with { Input = new JsonSlice(start, reader.BytesConsumed - start), Items = items };
    }
}
