using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Appliance.Wire;

internal static class WireFeature
{
    public static IServiceCollection AddWire(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.DictionaryKeyPolicy = null;
            json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            // Quotes stay quotes for who reads it in a terminal. All of it goes out as JSON that no browser takes for a page.
            json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.NumberHandling = JsonNumberHandling.Strict;
            json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
            json.TypeInfoResolverChain.Insert(0, WireJson.Default);
        });
}
