using System.Net;
using Appliance.Cluster.Metrics;
using Appliance.Cluster.Models;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Holding;
using Appliance.Gateway.Limits;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Gateway.Tests.Rig;

/// <summary>The real gateway on a real port, with upstreams that the test names.</summary>
internal sealed class GatewayRig : IAsyncDisposable
{
    public static readonly FakeModel Qwen = new("Qwen/Qwen3.6-35B", "qwen-served", 32_768, [Capability.Chat, Capability.Tools, Capability.Vision]) { Name = "Qwen3.6 35B" };

    private readonly WebApplication _app;
    private readonly List<IAsyncDisposable> _owned = [];

    private GatewayRig(WebApplication app, HandMadeUpstreams upstreams, FixedSettings settings)
    {
        _app = app;
        Upstreams = upstreams;
        Settings = settings;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http = new HttpClient { BaseAddress = Address };
    }

    public HandMadeUpstreams Upstreams { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public FixedSettings Settings { get; }

    public RequestRing Ring => _app.Services.GetRequiredService<RequestRing>();

    public RequestMeter Meter => _app.Services.GetRequiredService<RequestMeter>();

    public RecordedWishes Wishes => (RecordedWishes)_app.Services.GetRequiredService<IModelWishes>();

    public HoldRoom Holds => _app.Services.GetRequiredService<HoldRoom>();

    public UpstreamTurns Turns => _app.Services.GetRequiredService<UpstreamTurns>();

    public GatewayTraffic Traffic => _app.Services.GetRequiredService<GatewayTraffic>();

    /// <param name="map">Maps further endpoints, for example a row with other limits.</param>
    /// <param name="time">The clock by which requests wait; the real one unless given.</param>
    /// <param name="configure">Replaces services.</param>
    public static async Task<GatewayRig> StartAsync(Action<WebApplication>? map = null, TimeProvider? time = null, Action<IServiceCollection>? configure = null)
    {
        var upstreams = new HandMadeUpstreams();
        var settings = new FixedSettings();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IUpstreams>(upstreams).AddSingleton<ISettings>(settings).AddSingleton<GatewayTraffic>()
            .AddSingleton<IModelWishes, RecordedWishes>().AddSingleton(time ?? TimeProvider.System).AddGateway();
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapGateway();
        map?.Invoke(app);
        await app.StartAsync().DefaultTimeout();
        return new GatewayRig(app, upstreams, settings);
    }

    /// <summary>A gateway in front of one stand-in that serves Qwen on lane <c>main</c>, without pauses.</summary>
    public static async Task<(GatewayRig Rig, FakeModelServer Server)> StartWithQwenAsync(TimeProvider? time = null)
    {
        var rig = await StartAsync(time: time);
        var server = rig.Own(FakeModelServer.Reserve(IPAddress.Loopback, TimeProvider.System));
        server.Behaviour = FakeServerBehaviour.Immediate;
        await server.OpenAsync(Qwen, CancellationToken.None).DefaultTimeout();
        rig.Upstreams.Add(Serving(server.Port, "qwen-served", "qwen--qwen3.6-35b", UpstreamTask.Chat));
        return (rig, server);
    }

    public static Upstream Serving(int port, string servedName, string? modelId, UpstreamTask task) => new()
    {
        Id = modelId is null ? "service" : "main",
        Task = task,
        Address = new Uri($"http://127.0.0.1:{port}/"),
        ServedName = servedName,
        ModelId = modelId,
        Names = [.. new[] { modelId, servedName, "Qwen/Qwen3.6-35B" }.OfType<string>().Where(name => name.Length > 0)],
        MaxModelLength = 32_768,
        Availability = UpstreamAvailability.Serving,
    };

    /// <summary>The same server while its model is on the way.</summary>
    public static Upstream Loading(int port) => Serving(port, "qwen-served", "qwen--qwen3.6-35b", UpstreamTask.Chat) with
    {
        Availability = UpstreamAvailability.Loading,
        Reason = "Qwen3.6 35B is being loaded.",
        Progress = 42,
        Eta = TimeSpan.FromSeconds(25),
    };

    /// <summary>Ends when so many requests wait for a model.</summary>
    public Task UntilHeldAsync(int count) => UntilAsync(() => Holds.Count == count);

    public static Task UntilAsync(Func<bool> condition) => Task.Run(() => SpinWait.SpinUntil(condition)).DefaultTimeout();

    public T Own<T>(T disposable)
        where T : IAsyncDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.Services.GetRequiredService<IServer>().StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        foreach (var disposable in _owned)
        {
            await disposable.DisposeAsync();
        }
    }
}
