using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Cluster.Storage;
using Appliance.Demo;
using Appliance.Hosting;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Tests.Reservations;

/// <summary>An appliance that can be stopped in the middle of its work and started again on the same data. Its clock stands unless the test moves it.</summary>
internal sealed class LivingAppliance : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ApplianceHost? _host;

    public ManualClock Clock { get; } = new();

    public string DataDirectory => _folder.Path;

    public HttpClient Client { get; private set; } = new();

    public static async Task<LivingAppliance> StartAsync()
    {
        var appliance = new LivingAppliance();
        await appliance.StartAgainAsync();
        return appliance;
    }

    public T Get<T>()
        where T : notnull => _host!.Services.GetRequiredService<T>();

    public async Task StartAgainAsync()
    {
        var options = new ApplianceOptions
        {
            Data = new DataDirectory(_folder.Path),
            Urls = ["http://127.0.0.1:0"],
            Demo = new DemoOptions { Speed = 1000 },
            Time = Clock,
            LogsToConsole = false,
        };
        _host = await ApplianceHost.StartAsync(options, CancellationToken.None).DefaultTimeout();
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _host.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Ends it without letting anything finish: open connections are cut.</summary>
    public async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.StopAsync(new CancellationToken(canceled: true)).DefaultTimeout();
            await host.DisposeAsync();
            Client.Dispose();
        }
    }

    public async Task<(int Status, JsonElement Body, HttpResponseMessage Answer)> SendAsync(
        HttpMethod method, string path, object? body = null, string? token = null, string? by = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        }

        if (token is not null)
        {
            request.Headers.Add("X-Swap-Token", token);
        }

        if (by is not null)
        {
            request.Headers.Add("X-Requested-By", by);
        }

        var answer = await Client.SendAsync(request).DefaultTimeout();
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone(), answer);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
