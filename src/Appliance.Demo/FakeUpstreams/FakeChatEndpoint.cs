using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>Writes answers in the two shapes of chat and completions, whole or as a stream.</summary>
internal sealed class FakeChatEndpoint(FakeModel model, bool isChat, TimeProvider time)
{
    private readonly string _id = $"{(isChat ? "chatcmpl" : "cmpl")}-{Guid.NewGuid():N}";
    private readonly string _callId = $"chatcmpl-tool-{Guid.NewGuid():N}";

    public async Task WriteWholeAsync(HttpContext context, FakeRequest request, FakeGeneration generation)
    {
        var parts = new Dictionary<FakePieceKind, StringBuilder>();
        await foreach (var piece in generation.ReadAsync(context, context.RequestAborted))
        {
            if (!parts.TryGetValue(piece.Kind, out var text))
            {
                parts[piece.Kind] = text = new StringBuilder();
            }

            text.Append(piece.Text);
        }

        var content = parts.GetValueOrDefault(FakePieceKind.Content)?.ToString();
        var choice = new JsonObject { ["index"] = 0 };
        if (isChat)
        {
            var message = new JsonObject { ["role"] = "assistant", ["content"] = content, ["refusal"] = null };
            message["reasoning"] = parts.GetValueOrDefault(FakePieceKind.Reasoning)?.ToString();
            message["tool_calls"] = parts.TryGetValue(FakePieceKind.ToolArguments, out var arguments)
                ? new JsonArray(ToolCall(request.Tool!.Name, arguments.ToString()))
                : new JsonArray();
            choice["message"] = message;
        }
        else
        {
            choice["text"] = content ?? string.Empty;
        }

        choice["logprobs"] = null;
        choice["finish_reason"] = generation.FinishReason;
        var body = Envelope(isChat ? "chat.completion" : "text_completion", choice);
        body["usage"] = generation.Usage();
        await FakeErrors.WriteJsonAsync(context, body);
    }

    public async Task WriteStreamAsync(HttpContext context, FakeRequest request, FakeGeneration generation)
    {
        var cancellationToken = context.RequestAborted;
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        await context.Response.Body.FlushAsync(cancellationToken);
        var isFirst = true;
        var callIsNamed = false;
        await foreach (var piece in generation.ReadAsync(context, cancellationToken))
        {
            if (isFirst && isChat)
            {
                await SendAsync(context, Chunk(new JsonObject { ["role"] = "assistant", ["content"] = string.Empty }, null, request), cancellationToken);
            }

            isFirst = false;
            await SendAsync(context, Chunk(Delta(piece, request, callIsNamed), null, request), cancellationToken);
            callIsNamed |= piece.Kind == FakePieceKind.ToolArguments;
        }

        await SendAsync(context, Chunk(isChat ? new JsonObject() : Text(string.Empty), generation.FinishReason, request), cancellationToken);
        if (request.IncludeUsage)
        {
            var last = Envelope(ChunkObject, choice: null);
            last["usage"] = generation.Usage();
            await SendAsync(context, last, cancellationToken);
        }

        await context.Response.WriteAsync("data: [DONE]\n\n", cancellationToken);
    }

    private string ChunkObject => isChat ? "chat.completion.chunk" : "text_completion";

    private static async Task SendAsync(HttpContext context, JsonObject chunk, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n", cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private JsonObject Delta(FakePiece piece, FakeRequest request, bool callIsNamed) => piece.Kind switch
    {
        FakePieceKind.Reasoning => new JsonObject { ["reasoning"] = piece.Text },
        FakePieceKind.ToolArguments when callIsNamed => new JsonObject
        {
            ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = piece.Text } }),
        },
        FakePieceKind.ToolArguments => new JsonObject { ["tool_calls"] = new JsonArray(ToolCall(request.Tool!.Name, piece.Text)) },
        _ => isChat ? new JsonObject { ["content"] = piece.Text } : Text(piece.Text),
    };

    private JsonObject ToolCall(string name, string arguments) => new()
    {
        ["id"] = _callId,
        ["type"] = "function",
        ["index"] = 0,
        ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
    };

    private JsonObject Chunk(JsonObject delta, string? finishReason, FakeRequest request)
    {
        var choice = new JsonObject { ["index"] = 0 };
        if (isChat)
        {
            choice["delta"] = delta;
        }
        else
        {
            choice["text"] = delta["text"]?.DeepClone();
        }

        choice["logprobs"] = null;
        choice["finish_reason"] = finishReason;
        var chunk = Envelope(ChunkObject, choice);
        if (request.IncludeUsage)
        {
            chunk["usage"] = null;
        }

        return chunk;
    }

    private JsonObject Envelope(string kind, JsonObject? choice) => new()
    {
        ["id"] = _id,
        ["object"] = kind,
        ["created"] = time.GetUtcNow().ToUnixTimeSeconds(),
        ["model"] = model.ServedName,
        ["choices"] = choice is null ? new JsonArray() : new JsonArray(choice),
    };
}
