using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>Answers <c>/v1/responses</c>, whole or as typed events that end with <c>response.completed</c>. Thoughts are left out.</summary>
internal sealed class FakeResponsesEndpoint(FakeModel model, TimeProvider time)
{
    private readonly string _id = $"resp_{Guid.NewGuid():N}";
    private readonly string _itemId = $"msg_{Guid.NewGuid():N}";
    private readonly string _callId = $"call_{Guid.NewGuid():N}";
    private int _sequence;

    public async Task WriteWholeAsync(HttpContext context, FakeRequest request, FakeGeneration generation)
    {
        var text = new StringBuilder();
        await foreach (var piece in Spoken(context, generation))
        {
            text.Append(piece.Text);
        }

        await FakeErrors.WriteJsonAsync(context, Response("completed", Item(request, text.ToString(), "completed"), generation));
    }

    public async Task WriteStreamAsync(HttpContext context, FakeRequest request, FakeGeneration generation)
    {
        await FakeEvents.StartAsync(context);
        await SendAsync(context, "response.created", new JsonObject { ["response"] = Response("in_progress", null, null) });
        await SendAsync(context, "response.in_progress", new JsonObject { ["response"] = Response("in_progress", null, null) });
        await SendAsync(context, "response.output_item.added", new JsonObject { ["output_index"] = 0, ["item"] = Item(request, string.Empty, "in_progress") });
        var isCall = request.Tool is not null;
        if (!isCall)
        {
            await SendAsync(context, "response.content_part.added", Place(new JsonObject { ["content_index"] = 0, ["part"] = Part(string.Empty) }));
        }

        var text = new StringBuilder();
        await foreach (var piece in Spoken(context, generation))
        {
            text.Append(piece.Text);
            await SendAsync(context, isCall ? "response.function_call_arguments.delta" : "response.output_text.delta", Place(Delta(piece.Text, isCall)));
        }

        if (isCall)
        {
            await SendAsync(context, "response.function_call_arguments.done", Place(new JsonObject { ["arguments"] = text.ToString(), ["name"] = request.Tool!.Name }));
        }
        else
        {
            await SendAsync(context, "response.output_text.done", Place(new JsonObject { ["content_index"] = 0, ["text"] = text.ToString(), ["logprobs"] = new JsonArray() }));
            await SendAsync(context, "response.content_part.done", Place(new JsonObject { ["content_index"] = 0, ["part"] = Part(text.ToString()) }));
        }

        await SendAsync(context, "response.output_item.done", new JsonObject { ["output_index"] = 0, ["item"] = Item(request, text.ToString(), "completed") });
        await SendAsync(context, "response.completed", new JsonObject { ["response"] = Response("completed", Item(request, text.ToString(), "completed"), generation) });
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

    private static JsonObject Delta(string text, bool isCall) =>
        isCall ? new JsonObject { ["delta"] = text } : new JsonObject { ["content_index"] = 0, ["delta"] = text, ["logprobs"] = new JsonArray() };

    private static JsonObject Part(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() };

    private Task SendAsync(HttpContext context, string type, JsonObject data)
    {
        data["sequence_number"] = _sequence++;
        return FakeEvents.SendAsync(context, type, data);
    }

    private JsonObject Place(JsonObject data)
    {
        data["item_id"] = _itemId;
        data["output_index"] = 0;
        return data;
    }

    private JsonObject Item(FakeRequest request, string text, string status) => request.Tool is { } tool
        ? new JsonObject { ["id"] = _itemId, ["type"] = "function_call", ["status"] = status, ["call_id"] = _callId, ["name"] = tool.Name, ["arguments"] = text }
        : new JsonObject
        {
            ["id"] = _itemId,
            ["type"] = "message",
            ["status"] = status,
            ["role"] = "assistant",
            ["content"] = status == "completed" ? new JsonArray(Part(text)) : new JsonArray(),
        };

    private JsonObject Response(string status, JsonObject? item, FakeGeneration? generation) => new()
    {
        ["id"] = _id,
        ["object"] = "response",
        ["created_at"] = time.GetUtcNow().ToUnixTimeSeconds(),
        ["status"] = status,
        ["model"] = model.ServedName,
        ["output"] = item is null ? new JsonArray() : new JsonArray(item),
        ["error"] = null,
        ["incomplete_details"] = null,
        ["instructions"] = null,
        ["metadata"] = new JsonObject(),
        ["parallel_tool_calls"] = true,
        ["tool_choice"] = "auto",
        ["tools"] = new JsonArray(),
        ["temperature"] = 1.0,
        ["top_p"] = 1.0,
        ["usage"] = generation is null ? null : Usage(generation),
    };

    private static JsonObject Usage(FakeGeneration generation) => new()
    {
        ["input_tokens"] = generation.PromptTokens,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
        ["output_tokens"] = generation.Made,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
        ["total_tokens"] = generation.PromptTokens + generation.Made,
    };
}
