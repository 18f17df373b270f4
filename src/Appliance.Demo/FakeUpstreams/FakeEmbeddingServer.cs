using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>A stand-in for the embeddings server: bge-m3, 1024 dimensions, any model name, and a reranker beside it. Vectors of the same text are the same everywhere. Thread-safe.</summary>
public sealed class FakeEmbeddingServer : IAsyncDisposable
{
    /// <summary>The model it says it serves.</summary>
    public const string ModelName = "BAAI/bge-m3";

    /// <summary>The model that it ranks with.</summary>
    public const string RerankerName = "BAAI/bge-reranker-v2-m3";

    /// <summary>The dimensions of bge-m3.</summary>
    public const int Dimensions = 1024;

    private readonly LoopbackServer _server;
    private readonly TimeProvider _time;

    private FakeEmbeddingServer(IPAddress address, TimeProvider time)
    {
        _time = time;
        _server = LoopbackServer.Reserve(address, Map);
    }

    /// <summary>The port.</summary>
    public int Port => _server.Port;

    /// <summary>Whether <c>/health</c> answers 200; otherwise it and every other call answer 503.</summary>
    public bool Healthy { get; set; } = true;

    /// <summary>The most texts that it takes at once, as Text Embeddings Inference has it; null for as many as come.</summary>
    public int? BatchLimit { get; set; }

    /// <summary>Listens on a free port of an address of this machine.</summary>
    public static async Task<FakeEmbeddingServer> StartAsync(IPAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var server = new FakeEmbeddingServer(address, time);
        await server._server.OpenAsync(cancellationToken);
        return server;
    }

    /// <summary>Stops listening; the port stays reserved.</summary>
    public Task CloseAsync() => _server.CloseAsync();

    /// <summary>Listens again.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => _server.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Map(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            if (Healthy)
            {
                await next(context);
            }
            else
            {
                await FakeErrors.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "ServiceUnavailable", "The stand-in was told to be unwell.");
            }
        });
        app.MapGet("/health", context => Task.CompletedTask);
        app.MapGet("/v1/models", context => FakeErrors.WriteJsonAsync(context, new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray(new JsonObject
            {
                ["id"] = ModelName,
                ["object"] = "model",
                ["created"] = _time.GetUtcNow().ToUnixTimeSeconds(),
                ["owned_by"] = "demo",
            }),
        }));
        app.MapGet("/info", context => BatchLimit is { } limit
            ? FakeErrors.WriteJsonAsync(context, new JsonObject { ["model_id"] = ModelName, ["max_client_batch_size"] = limit })
            : FakeErrors.WriteJsonAsync(context, new JsonObject { ["detail"] = "Not Found" }, StatusCodes.Status404NotFound));
        app.MapPost("/v1/embeddings", context => AnswerAsync(context, "input", body => FakeEmbeddingsEndpoint.WriteAsync(context, body, ModelName, Dimensions)));
        app.MapPost("/v1/rerank", context => AnswerAsync(context, "documents", body => FakeRerankEndpoint.WriteRawAsync(context, body, RerankerName)));
    }

    private async Task AnswerAsync(HttpContext context, string list, Func<JsonElement, Task> answer)
    {
        JsonDocument body;
        try
        {
            body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException error)
        {
            await FakeErrors.BadRequestAsync(context, error.Message);
            return;
        }

        using (body)
        {
            var count = CountOf(body.RootElement, list);
            await (count > BatchLimit
                ? FakeErrors.WriteJsonAsync(
                    context, new JsonObject { ["error"] = $"batch size {count} > maximum allowed batch size {BatchLimit}", ["error_type"] = "Validation" }, StatusCodes.Status422UnprocessableEntity)
                : answer(body.RootElement));
        }
    }

    /// <summary>One row of token ids is one text.</summary>
    private static int CountOf(JsonElement body, string list) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(list, out var texts) && texts.ValueKind == JsonValueKind.Array
        && texts.GetArrayLength() > 0 && texts[0].ValueKind != JsonValueKind.Number ? texts.GetArrayLength() : 1;
}
