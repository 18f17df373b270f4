using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>A stand-in for Qdrant: alive, ready, and a list of collections. Thread-safe.</summary>
public sealed class FakeVectorServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private FakeVectorServer(IPAddress address) => _server = LoopbackServer.Reserve(address, Map);

    /// <summary>The port.</summary>
    public int Port => _server.Port;

    /// <summary>Whether its health paths answer 200; otherwise 503.</summary>
    public bool Healthy { get; set; } = true;

    /// <summary>The names that <c>/collections</c> lists.</summary>
    public ImmutableArray<string> Collections { get; set; } = [];

    /// <summary>Listens on a free port of an address of this machine.</summary>
    public static async Task<FakeVectorServer> StartAsync(IPAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var server = new FakeVectorServer(address);
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
        foreach (var check in (string[])["healthz", "readyz", "livez"])
        {
            app.MapGet($"/{check}", context =>
            {
                context.Response.StatusCode = Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                return context.Response.WriteAsync(Healthy ? $"{check} check passed" : $"{check} check failed", context.RequestAborted);
            });
        }

        app.MapGet("/", context => FakeErrors.WriteJsonAsync(context, new JsonObject { ["title"] = "qdrant - vector search engine", ["version"] = "1.19.0" }));
        app.MapGet("/collections", context => FakeErrors.WriteJsonAsync(context, new JsonObject
        {
            ["result"] = new JsonObject
            {
                ["collections"] = new JsonArray([.. Collections.Select(name => (JsonNode?)new JsonObject { ["name"] = name })]),
            },
            ["status"] = "ok",
            ["time"] = 0.0001,
        }));
    }
}
