using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>A small realtime session, as vLLM has it: sound goes in by events, words come out; whatever else comes in goes back as it was.</summary>
internal static class FakeRealtimeEndpoint
{
    public static async Task RunAsync(HttpContext context, string sentence)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await FakeErrors.WriteJsonAsync(context, new JsonObject { ["detail"] = "This path takes a WebSocket." }, StatusCodes.Status426UpgradeRequired);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols is [var first, ..] ? first : null);
        var created = new JsonObject { ["type"] = "session.created", ["session"] = new JsonObject { ["model"] = context.Request.Query["model"].ToString() } };
        await SendAsync(socket, created, context.RequestAborted);
        var buffer = new byte[64 * 1024];
        while (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, socket.CloseStatusDescription, context.RequestAborted);
                return;
            }

            await AnswerAsync(socket, buffer.AsMemory(0, received.Count), received, sentence, context.RequestAborted);
        }
    }

    private static Task AnswerAsync(WebSocket socket, ReadOnlyMemory<byte> message, ValueWebSocketReceiveResult received, string sentence, CancellationToken cancellationToken) =>
        TypeOf(message, received) switch
        {
            "input_audio_buffer.append" => SendAsync(socket, new JsonObject { ["type"] = "transcription.delta", ["delta"] = sentence.Split(' ')[0] }, cancellationToken),
            "session.fail" => socket.CloseAsync(WebSocketCloseStatus.InternalServerError, "The engine died.", cancellationToken),
            "input_audio_buffer.commit" => SendAsync(socket, new JsonObject { ["type"] = "transcription.done", ["text"] = sentence }, cancellationToken),
            _ => socket.SendAsync(message, received.MessageType, received.EndOfMessage, cancellationToken).AsTask(),
        };

    private static string? TypeOf(ReadOnlyMemory<byte> message, ValueWebSocketReceiveResult received)
    {
        if (received is not { MessageType: WebSocketMessageType.Text, EndOfMessage: true })
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(message);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("type", out var type) ? type.ToString() : null;
        }
        catch (JsonException)
        {
            // Any text is a message; this one goes back.
            return null;
        }
    }

    private static Task SendAsync(WebSocket socket, JsonObject message, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
}
