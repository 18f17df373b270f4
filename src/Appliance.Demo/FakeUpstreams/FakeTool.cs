using System.Text.Json;
using System.Text.Json.Nodes;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>A function that a stand-in will call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">JSON that fits the simplest kind of schema: every property gets a value of its type.</param>
internal sealed record FakeTool(string Name, string Arguments)
{
    public static FakeTool? Choose(JsonElement body)
    {
        if (!body.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array || EndsWithToolResult(body))
        {
            return null;
        }

        body.TryGetProperty("tool_choice", out var choice);
        if (choice.ValueKind == JsonValueKind.String && choice.ValueEquals("none"))
        {
            return null;
        }

        var wanted = choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("function", out var named) ? named.GetProperty("name").GetString() : null;
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.TryGetProperty("function", out var function) && function.TryGetProperty("name", out var name)
                && (wanted is null || name.ValueEquals(wanted)))
            {
                return new FakeTool(name.GetString()!, Fill(function).ToJsonString());
            }
        }

        return null;
    }

    private static bool EndsWithToolResult(JsonElement body) =>
        body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array && messages.GetArrayLength() > 0
        && messages[messages.GetArrayLength() - 1] is { ValueKind: JsonValueKind.Object } last
        && last.TryGetProperty("role", out var role) && role.ValueEquals("tool");

    private static JsonObject Fill(JsonElement function)
    {
        var arguments = new JsonObject();
        if (function.TryGetProperty("parameters", out var schema) && schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject())
            {
                arguments[property.Name] = Sample(property);
            }
        }

        return arguments;
    }

    private static JsonNode? Sample(JsonProperty property)
    {
        if (property.Value.TryGetProperty("enum", out var values) && values.GetArrayLength() > 0)
        {
            return JsonNode.Parse(values[0].GetRawText());
        }

        var kind = property.Value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : "string";
        return kind switch
        {
            "integer" or "number" => 1,
            "boolean" => true,
            "array" => new JsonArray(),
            "object" => new JsonObject(),
            _ => property.Name,
        };
    }
}
