using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Appliance.Cluster.Events;

/// <summary>
/// What an event may carry (threat T-16). First the list of its type (<see cref="EventTypes"/>): a detail that is not on it is dropped. Then the last line of
/// defence behind callers that already know not to pass content: keys that hold people's words are dropped from what is left, whatever their case and depth,
/// also inside JSON that hides in a text. Every text has a limit. Pure.
/// </summary>
internal static partial class EventEnvelope
{
    /// <summary>A sentence fits into the "Recently" list; a detail holds words and numbers.</summary>
    public const int SentenceLimit = 500;

    public const int DetailLimit = 1000;

    public const int DetailsLimit = 40;

    private const int NameLimit = 64;
    private const int Depth = 16;

    // Nobody writes a detail of this size on purpose, and reading it would cost time under the lock of the store.
    private const int ReadLimit = 64 * 1024;
    private const string LeftOut = "(left out)";

    // The strip list that sibling systems of the predecessor agreed on (reliability.md, T-16).
    private static readonly FrozenSet<string> Forbidden =
        new[] { "prompt", "text", "body", "document_body", "messages", "content", "raw_content", "raw" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The event as it may be stored, or null for a type that is not known; and the names of what was dropped, for the log. A name may come from outside, so
    /// at most <see cref="DetailsLimit"/> are told.
    /// </summary>
    public static (ApplianceEvent? Event, ImmutableArray<string> Dropped) Clean(ApplianceEvent happened)
    {
        if (EventTypes.FindDetails(happened.Type) is not { } allowed)
        {
            return (null, []);
        }

        var details = happened.Details
            .Where(detail => allowed.Contains(detail.Key) && !IsForbidden(detail.Key))
            .Take(DetailsLimit)
            .ToImmutableSortedDictionary(detail => detail.Key, detail => Cut(CleanText(detail.Value), DetailLimit), StringComparer.Ordinal);
        var clean = happened with
        {
            Component = Cut(happened.Component, NameLimit),
            CorrelationId = happened.CorrelationId is { } correlation ? Cut(correlation, NameLimit * 2) : null,
            Sentence = Cut(HoldsForbidden(happened.Sentence) ? LeftOut : OneLine(happened.Sentence), SentenceLimit),
            Details = details,
        };
        return (clean, [.. happened.Details.Keys.Where(key => !details.ContainsKey(key)).Take(DetailsLimit).Select(key => Cut(OneLine(key), NameLimit))]);
    }

    private static bool IsForbidden(string key) => Forbidden.Contains(key.Trim()) || HoldsForbidden(key);

    private static bool HoldsForbidden(string text) => text.Contains(':', StringComparison.Ordinal) && ForbiddenKey().IsMatch(text);

    private static string CleanText(string text) => text.Length > ReadLimit ? LeftOut : CleanText(text, 0);

    private static string CleanText(string text, int depth)
    {
        var start = text.AsSpan().TrimStart();
        if (start.IsEmpty || start[0] is not ('{' or '[' or '"'))
        {
            // JSON that stands behind other words is not taken apart: with a forbidden key in it, the text is left out as a whole.
            return HoldsForbidden(text) ? LeftOut : text;
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
            return LeftOut;
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
                writer.WriteStringValue(depth < 4 ? CleanText(element.GetString()!, depth + 1) : LeftOut);
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

    // The same names as above, with a quotation mark in any depth of quoting before and behind them.
    [GeneratedRegex("""["']\s*(prompt|text|body|document_body|messages|content|raw_content|raw)\s*\\*["']\s*:""", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ForbiddenKey();
}
