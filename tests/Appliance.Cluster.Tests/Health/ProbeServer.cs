using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Appliance.Cluster.Tests.Health;

/// <summary>A real server on loopback that answers as the test says, and the requests it got.</summary>
internal sealed class ProbeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProbeServer(WebApplication app, List<string> asked)
    {
        _app = app;
        Asked = asked;
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Method, path and body of every request.</summary>
    public List<string> Asked { get; }

    public static async Task<ProbeServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var asked = new List<string>();
        app.Run(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            lock (asked)
            {
                asked.Add($"{context.Request.Method} {context.Request.Path} {body}".Trim());
            }

            await answer(context);
        });
        await app.StartAsync();
        return new ProbeServer(app, asked);
    }

    /// <summary>The same text for every request.</summary>
    public static Task<ProbeServer> StartAsync(string body, int status = 200, string contentType = "application/json") => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body);
    });

    /// <summary>An address on which nobody listens.</summary>
    public static Uri Nobody()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
