using System.Text.Json;
using System.Text.Json.Nodes;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>JSON that fits a schema: every property gets a value of its type. Pure.</summary>
internal static class FakeJson
{
    /// <summary>A schema may name itself; a level further down everything is null.</summary>
    private const int Deepest = 8;

    /// <summary>What a stand-in says when only JSON is wanted: it fits the schema of the request, or is an object with its usual words. Null when words are wanted.</summary>
    public static Func<string, string>? FindFormat(JsonElement body)
    {
        if (!TryGet(body, "response_format", out var format) && !(TryGet(body, "text", out var text) && TryGet(text, "format", out format)))
        {
            return null;
        }

        return TextOf(format, "type") switch
        {
            "json_object" => words => new JsonObject { ["answer"] = words }.ToJsonString(),
            "json_schema" => words => FillSchema(format, words),
            _ => null,
        };
    }

    /// <summary>A value for a schema; <paramref name="name"/> is what a text says. A reference points into <paramref name="root"/>.</summary>
    public static JsonNode? Fill(JsonElement schema, string name, JsonElement root, int depth = 0)
    {
        if (depth > Deepest || schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (TextOf(schema, "$ref") is { } reference)
        {
            return Fill(Resolve(root, reference), name, root, depth + 1);
        }

        if (TryGet(schema, "const", out var only))
        {
            return JsonNode.Parse(only.GetRawText());
        }

        if (FindFirst(schema, "enum") is { } listed)
        {
            return JsonNode.Parse(listed.GetRawText());
        }

        if ((FindFirst(schema, "anyOf") ?? FindFirst(schema, "oneOf") ?? FindFirst(schema, "allOf")) is { } variant)
        {
            return Fill(variant, name, root, depth + 1);
        }

        return (TextOf(schema, "type") ?? FindFirst(schema, "type")?.GetString() ?? (TryGet(schema, "properties", out _) ? "object" : "string")) switch
        {
            "integer" or "number" => TryGet(schema, "minimum", out var least) ? JsonNode.Parse(least.GetRawText()) : 1,
            "boolean" => true,
            "null" => null,
            "array" => TryGet(schema, "items", out var items) ? new JsonArray(Fill(items, name, root, depth + 1)) : new JsonArray(),
            "object" => FillObject(schema, root, depth),
            _ => name,
        };
    }

    private static JsonObject FillObject(JsonElement schema, JsonElement root, int depth)
    {
        var filled = new JsonObject();
        if (TryGet(schema, "properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                filled[property.Name] = Fill(property.Value, property.Name, root, depth + 1);
            }
        }

        return filled;
    }

    /// <summary>Chat wraps the schema once more; responses do not.</summary>
    private static string FillSchema(JsonElement format, string words)
    {
        var outer = TryGet(format, "json_schema", out var wrapped) ? wrapped : format;
        return (TryGet(outer, "schema", out var schema) ? Fill(schema, words, schema) : new JsonObject())?.ToJsonString() ?? "null";
    }

    private static JsonElement Resolve(JsonElement root, string reference)
    {
        var found = root;
        foreach (var part in reference.Split('/').Skip(1))
        {
            if (!TryGet(found, part, out found))
            {
                return default;
            }
        }

        return found;
    }

    private static JsonElement? FindFirst(JsonElement value, string key) =>
        TryGet(value, key, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 ? list[0] : null;

    private static string? TextOf(JsonElement value, string key) => TryGet(value, key, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static bool TryGet(JsonElement value, string key, out JsonElement found)
    {
        found = default;
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out found);
    }
}
