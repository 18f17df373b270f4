using System.Net;
using Appliance.Cluster.Routing;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Gateway.Tests.Rig;

/// <summary>A server that writes down exactly what reaches it and answers as the test says.</summary>
internal sealed class RecordingUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GatewayTraffic _idle = new();

    private RecordingUpstream(WebApplication app) => _app = app;

    public List<Received> Requests { get; } = [];

    public RequestDelegate Answer { get; set; } = context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("{}");
    };

    /// <summary>Whether requests are read and kept before they are answered.</summary>
    public bool IsRecording { get; set; } = true;

    /// <summary>Called with the length of every piece of a body that arrives.</summary>
    public Action<int>? Reading { get; set; }

    /// <summary>Ends when no request is in work.</summary>
    public Task Idle => _idle.WaitForIdleAsync("all", CancellationToken.None);

    public int Port { get; private set; }

    public static async Task<RecordingUpstream> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var upstream = new RecordingUpstream(app);
        app.Run(upstream.HandleAsync);
        await app.StartAsync().DefaultTimeout();
        upstream.Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return upstream;
    }

    public Task CloseAsync() => _app.Services.GetRequiredService<IServer>().StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var work = _idle.Begin("all");
        if (IsRecording)
        {
            await RecordAsync(context);
        }

        await Answer(context);
    }

    private async Task RecordAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await ReadAsync(context, body);
        lock (Requests)
        {
            Requests.Add(new Received(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()));
        }
    }

    private async Task ReadAsync(HttpContext context, MemoryStream body)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted);
            if (read == 0)
            {
                return;
            }

            body.Write(buffer, 0, read);
            Reading?.Invoke(read);
        }
    }

    internal sealed record Received(string Method, string Target, Dictionary<string, string> Headers, byte[] Body);
}
