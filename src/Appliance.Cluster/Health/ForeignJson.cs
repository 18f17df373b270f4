using System.Text.Json;

namespace Appliance.Cluster.Health;

/// <summary>Reading JSON of servers that may send anything.</summary>
internal static class ForeignJson
{
    /// <summary>A string's text; null for anything else, also for a text with half a character (<c>"\ud800"</c>), which .NET refuses late.</summary>
    public static string? TryText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Not text, so not what was looked for.
            return null;
        }
    }

    /// <summary>The text of a member; null when there is no such text.</summary>
    public static string? TryText(JsonElement element, string name) => TryFind(element, name) is { } value ? TryText(value) : null;

    /// <summary>A member of an object; null when there is none.</summary>
    public static JsonElement? TryFind(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    /// <summary>The items of a list; none when it is not a list.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The document, or null when it is not JSON.</summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            // Not JSON is one of the answers a stranger on the port may give.
            return null;
        }
    }
}
