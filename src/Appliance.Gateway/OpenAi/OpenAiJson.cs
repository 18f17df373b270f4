using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Appliance.Gateway.OpenAi;

/// <summary>What this assembly writes in the OpenAI dialect.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(MessagesError))]
[JsonSerializable(typeof(TypedErrorEvent))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ListedModel))]
internal sealed partial class OpenAiJson : JsonSerializerContext
{
    /// <summary>Quotes stay quotes: who reads an error in a terminal is not to read \u0027. Never for JSON inside a page.</summary>
    public static OpenAiJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
