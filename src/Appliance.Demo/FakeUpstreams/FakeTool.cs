using System.Text.Json;
using System.Text.Json.Nodes;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>A function that a stand-in will call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">JSON that fits the simplest kind of schema: every property gets a value of its type.</param>
internal sealed record FakeTool(string Name, string Arguments)
{
    public static FakeTool? Choose(JsonElement body, string promptKey)
    {
        if (!body.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array || EndsWithToolResult(body, promptKey))
        {
            return null;
        }

        body.TryGetProperty("tool_choice", out var choice);
        if ((choice.ValueKind == JsonValueKind.String && choice.ValueEquals("none")) || NameOf(choice, "type") == "none")
        {
            return null;
        }

        var wanted = NameOf(Inner(choice), "name");
        foreach (var function in tools.EnumerateArray().Select(Inner))
        {
            if (NameOf(function, "name") is { } name && (wanted is null || name == wanted))
            {
                return new FakeTool(name, Fill(function).ToJsonString());
            }
        }

        return null;
    }

    /// <summary>Chat wraps a function once more; responses and messages do not.</summary>
    private static JsonElement Inner(JsonElement tool) =>
        tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var function) ? function : tool;

    private static string? NameOf(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static bool EndsWithToolResult(JsonElement body, string promptKey) =>
        body.TryGetProperty(promptKey, out var messages) && messages.ValueKind == JsonValueKind.Array && messages.GetArrayLength() > 0
        && messages[messages.GetArrayLength() - 1] is { ValueKind: JsonValueKind.Object } last
        && (NameOf(last, "role") == "tool" || NameOf(last, "type") == "function_call_output"
            || (last.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array && content.EnumerateArray().Any(part => NameOf(part, "type") == "tool_result")));

    private static JsonObject Fill(JsonElement function) =>
        (function.TryGetProperty("parameters", out var schema) || function.TryGetProperty("input_schema", out schema))
            && FakeJson.Fill(schema, "text", schema) is JsonObject filled ? filled : new JsonObject();
}
