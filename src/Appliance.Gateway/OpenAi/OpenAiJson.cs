using System.Text.Json.Serialization;

namespace Appliance.Gateway.OpenAi;

/// <summary>What this assembly writes in the OpenAI dialect.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(MessagesError))]
[JsonSerializable(typeof(TypedErrorEvent))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ListedModel))]
internal sealed partial class OpenAiJson : JsonSerializerContext;
