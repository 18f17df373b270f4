using System.Text.Json.Serialization;

namespace Appliance.Cluster.Webhooks;

/// <summary>JSON of the messages. Characters beyond ASCII are escaped, so the bytes are the same for every reader.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WebhookJson : JsonSerializerContext;
