using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>A stand-in for the embeddings server: bge-m3, 1024 dimensions, any model name. Vectors of the same text are the same everywhere. Thread-safe.</summary>
public sealed class FakeEmbeddingServer : IAsyncDisposable
{
    /// <summary>The model it says it serves.</summary>
    public const string ModelName = "BAAI/bge-m3";

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
        app.MapPost("/v1/embeddings", EmbedAsync);
    }

    private static async Task EmbedAsync(HttpContext context)
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
            await FakeEmbeddingsEndpoint.WriteAsync(context, body.RootElement, ModelName, Dimensions);
        }
    }
}
