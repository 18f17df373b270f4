using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>Answers <c>/v1/messages</c>, whole or as typed events that end with <c>message_stop</c>. Thoughts are left out.</summary>
internal sealed class FakeMessagesEndpoint(FakeModel model)
{
    private readonly string _id = $"msg_{Guid.NewGuid():N}";
    private readonly string _callId = $"toolu_{Guid.NewGuid():N}";

    public async Task WriteWholeAsync(HttpContext context, FakeRequest request, FakeGeneration generation)
    {
        var text = new StringBuilder();
        await foreach (var piece in Spoken(context, generation))
        {
            text.Append(piece.Text);
        }

        var message = Message(generation, ReasonOf(generation));
        message["content"] = new JsonArray(request.Tool is { } tool
            ? new JsonObject { ["type"] = "tool_use", ["id"] = _callId, ["name"] = tool.Name, ["input"] = generation.FinishReason == "length" ? new JsonObject() : JsonNode.Parse(text.ToString()) }
            : new JsonObject { ["type"] = "text", ["text"] = text.ToString() });
        await FakeErrors.WriteJsonAsync(context, message);
    }

    public async Task WriteStreamAsync(HttpContext context, FakeRequest request, FakeGeneration generation)
    {
        await FakeEvents.StartAsync(context);
        await FakeEvents.SendAsync(context, "message_start", new JsonObject { ["message"] = Message(generation, null) });
        var block = request.Tool is { } tool
            ? new JsonObject { ["type"] = "tool_use", ["id"] = _callId, ["name"] = tool.Name, ["input"] = new JsonObject() }
            : new JsonObject { ["type"] = "text", ["text"] = string.Empty };
        await FakeEvents.SendAsync(context, "content_block_start", new JsonObject { ["index"] = 0, ["content_block"] = block });
        await foreach (var piece in Spoken(context, generation))
        {
            var delta = piece.Kind == FakePieceKind.ToolArguments
                ? new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece.Text }
                : new JsonObject { ["type"] = "text_delta", ["text"] = piece.Text };
            await FakeEvents.SendAsync(context, "content_block_delta", new JsonObject { ["index"] = 0, ["delta"] = delta });
        }

        await FakeEvents.SendAsync(context, "content_block_stop", new JsonObject { ["index"] = 0 });
        await FakeEvents.SendAsync(context, "message_delta", new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = ReasonOf(generation), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["input_tokens"] = generation.PromptTokens, ["output_tokens"] = generation.Made },
        });
        await FakeEvents.SendAsync(context, "message_stop", []);
    }

    private static async IAsyncEnumerable<FakePiece> Spoken(HttpContext context, FakeGeneration generation)
    {
        await foreach (var piece in generation.ReadAsync(context, context.RequestAborted))
        {
            if (piece.Kind != FakePieceKind.Reasoning)
            {
                yield return piece;
            }
        }
    }

    private static string ReasonOf(FakeGeneration generation) => generation.FinishReason switch
    {
        "tool_calls" => "tool_use",
        "length" => "max_tokens",
        _ => "end_turn",
    };

    private JsonObject Message(FakeGeneration generation, string? reason) => new()
    {
        ["id"] = _id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = model.ServedName,
        ["content"] = new JsonArray(),
        ["stop_reason"] = reason,
        ["stop_sequence"] = null,
        ["usage"] = new JsonObject { ["input_tokens"] = generation.PromptTokens, ["output_tokens"] = generation.Made },
    };
}
