using System.Buffers;
using System.Text.Json;

namespace Appliance.Gateway.Exchanges;

/// <summary>What a request for ranking asks for, whichever of the known spellings it uses. Pure.</summary>
internal sealed record RerankAsk
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>As many as Cohere takes.</summary>
    private const int MostDocuments = 10_000;

    public JsonSlice Query { get; private init; }

    /// <summary>The texts themselves, as JSON strings.</summary>
    public List<JsonSlice> Documents { get; private init; } = [];

    /// <summary>How many of the best are wanted; null for all.</summary>
    public int? Top { get; private init; }

    /// <summary>Whether the texts are wanted back.</summary>
    public bool ReturnsDocuments { get; private init; }

    /// <summary>Whether scores are wanted as the model gives them, where the server can choose.</summary>
    public bool WantsRawScores { get; private init; }

    /// <summary>Fields that are for the server only: name, colon and value.</summary>
    public List<JsonSlice> Others { get; private init; } = [];

    /// <summary>Why it cannot be carried out, and the field at fault; null when it can.</summary>
    public (string Message, string Param)? Problem { get; private init; }

    /// <summary>How the request calls its fields.</summary>
    private RerankWords Words { get; init; } = RerankWords.Rerank;

    /// <summary>Reads a body that is known to be a JSON object.</summary>
    public static RerankAsk Read(in ReadOnlySequence<byte> body, RerankWords words)
    {
        var ask = new RerankAsk { Words = words };
        var reader = new Utf8JsonReader(body, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader;
            reader.Read();
            ask = ask.With(ref name, ref reader);
            reader.Skip();
        }

        return ask.Problem is not null ? ask
            : ask.Query.Length == 0 ? ask.Fails("must be the text to rank by.", words.Query[0])
            : ask.Documents.Count == 0 ? ask.Fails("must be the texts to rank.", words.Documents[0])
            : ask.Documents.Count > MostDocuments ? ask.Fails($"may be {MostDocuments:N0} texts at most.", words.Documents[0])
            : ask;
    }

    private RerankAsk With(ref Utf8JsonReader name, ref Utf8JsonReader reader)
    {
        if (name.ValueTextEquals("model"u8) || reader.TokenType == JsonTokenType.Null)
        {
            return this;
        }

        if (Words.IsQuery(name))
        {
            return WithQuery(ref reader);
        }

        if (Words.IsDocuments(name))
        {
            return WithDocuments(ref reader);
        }

        if (name.ValueTextEquals("top_n"u8) || name.ValueTextEquals("top_k"u8))
        {
            return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var top) && top >= 0
                ? this with { Top = top == 0 ? null : top }
                : Fails("must be a whole number.", "top_n");
        }

        if (name.ValueTextEquals("return_documents"u8) || name.ValueTextEquals("return_text"u8))
        {
            return this with { ReturnsDocuments = reader.TokenType == JsonTokenType.True };
        }

        if (name.ValueTextEquals("raw_scores"u8))
        {
            return this with { WantsRawScores = reader.TokenType == JsonTokenType.True };
        }

        var start = name.TokenStartIndex;
        reader.Skip();
        Others.Add(new JsonSlice(start, reader.BytesConsumed - start));
        return this;
    }

    private RerankAsk Fails(string what, string field) => this with { Problem = ($"'{field}' {what}", field) };

    /// <summary>A list of one question is that question, in the words for scores.</summary>
    private RerankAsk WithQuery(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return this with { Query = SliceReader.Take(ref reader) };
        }

        if (!Words.TakesLists || reader.TokenType != JsonTokenType.StartArray)
        {
            return this;
        }

        var only = default(JsonSlice);
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            only = reader.TokenType == JsonTokenType.String ? SliceReader.Take(ref reader) : default;
            reader.Skip();
            count++;
        }

        return count == 1 ? this with { Query = only } : Fails("must be one text; ask for other questions by themselves.", Words.Query[0]);
    }

    private RerankAsk WithDocuments(ref Utf8JsonReader reader)
    {
        if (Words.TakesLists && reader.TokenType == JsonTokenType.String)
        {
            return this with { Documents = [SliceReader.Take(ref reader)] };
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return Fails("must be a list.", Words.Documents[0]);
        }

        var documents = new List<JsonSlice>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var text = reader.TokenType == JsonTokenType.String ? SliceReader.Take(ref reader) : TakeText(ref reader);
            if (text.Length == 0)
            {
                reader.Skip();
                return Fails("must each be a text, or an object with a 'text'.", Words.Documents[0]);
            }

            documents.Add(text);
        }

        return this with { Documents = documents };
    }

    /// <summary>The <c>text</c> of an object, which is passed over; empty for anything else.</summary>
    private static JsonSlice TakeText(ref Utf8JsonReader reader)
    {
        var text = default(JsonSlice);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return text;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.ValueTextEquals("text"u8);
            reader.Read();
            text = isText && reader.TokenType == JsonTokenType.String ? SliceReader.Take(ref reader) : text;
            reader.Skip();
        }

        return text;
    }
}
