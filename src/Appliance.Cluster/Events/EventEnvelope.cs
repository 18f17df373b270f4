using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Appliance.Cluster.Events;

/// <summary>
/// What an event may carry. The last line of defence behind callers that already know not to pass content: keys that hold people's words are dropped,
/// whatever their case and depth, also inside JSON that hides in a text (threat T-16), and every text has a limit. Pure.
/// </summary>
internal static class EventEnvelope
{
    /// <summary>A sentence fits into the "Recently" list; a detail holds words and numbers.</summary>
    public const int SentenceLimit = 500;

    public const int DetailLimit = 1000;

    public const int DetailsLimit = 40;

    private const int NameLimit = 64;
    private const int Depth = 16;

    // The strip list that sibling systems of the predecessor agreed on (reliability.md, T-16).
    private static readonly FrozenSet<string> Forbidden =
        new[] { "prompt", "text", "body", "document_body", "messages", "content", "raw_content", "raw" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The event as it may be stored.</summary>
    public static ApplianceEvent Clean(ApplianceEvent happened) => happened with
    {
        Type = Cut(happened.Type, NameLimit),
        Component = Cut(happened.Component, NameLimit),
        CorrelationId = happened.CorrelationId is { } correlation ? Cut(correlation, NameLimit * 2) : null,
        Sentence = Cut(OneLine(happened.Sentence), SentenceLimit),
        Details = Clean(happened.Details),
    };

    private static ImmutableSortedDictionary<string, string> Clean(ImmutableSortedDictionary<string, string> details) => details
        .Where(detail => !IsForbidden(detail.Key) && detail.Key.Length <= NameLimit)
        .Take(DetailsLimit)
        .ToImmutableSortedDictionary(detail => detail.Key, detail => Cut(CleanText(detail.Value, 0), DetailLimit), StringComparer.Ordinal);

    private static bool IsForbidden(string key) => Forbidden.Contains(key.Trim());

    private static string CleanText(string text, int depth)
    {
        var start = text.AsSpan().TrimStart();
        if (start.IsEmpty || start[0] is not ('{' or '[' or '"'))
        {
            return text;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Depth });
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                Copy(document.RootElement, writer, depth);
            }

            return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // It looks like JSON and cannot be read (cut off, or too deep), so nobody can say what is in it.
            return "(left out)";
        }
    }

    private static void Copy(JsonElement element, Utf8JsonWriter writer, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().Where(property => !IsForbidden(property.Name)))
                {
                    writer.WritePropertyName(property.Name);
                    Copy(property.Value, writer, depth);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Copy(item, writer, depth);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                // Each level of JSON in a text needs another level of quoting, so four are more than anybody writes.
                writer.WriteStringValue(depth < 4 ? CleanText(element.GetString()!, depth + 1) : "(left out)");
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static string OneLine(string text) =>
        text.Any(char.IsControl) ? new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]) : text;

    private static string Cut(string text, int limit)
    {
        if (text.Length <= limit)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[limit - 2]) ? limit - 2 : limit - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
