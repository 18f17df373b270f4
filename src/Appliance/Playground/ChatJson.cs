using System.Text.Json.Serialization;

namespace Appliance.Playground;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChatRequestJson))]
internal sealed partial class ChatJson : JsonSerializerContext;
