using System.Net.Http.Headers;
using Appliance.Cluster.Keys;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.Demo;
using Appliance.Demo.FakeUpstreams;
using Appliance.Hosting;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Appliance.Tests.Keys;

/// <summary>An appliance with one key of each scope, in which the test says for what keys are asked.</summary>
public sealed class KeyedRun : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ApplianceHost _host = null!;

    /// <summary>How the demo's models answer; null for at once.</summary>
    public FakeServerBehaviour? ServerBehaviour { get; init; }

    public FixedSettings Settings { get; } = new();

    public Dictionary<KeyScope, (AccessKey Key, string Token)> Keys { get; } = [];

    public Uri Address => _host.Address;

    public IServiceProvider Services => _host.Services;

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var options = new ApplianceOptions
        {
            Data = new DataDirectory(_folder.Path),
            Urls = ["http://127.0.0.1:0"],
            Demo = new DemoOptions { Speed = 1000, ServerBehaviour = ServerBehaviour },
            LogsToConsole = false,
        };
        _host = await ApplianceHost.StartAsync(options, CancellationToken.None, services => services.AddSingleton<ISettings>(Settings)).DefaultTimeout();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        foreach (var scope in Enum.GetValues<KeyScope>())
        {
            Keys[scope] = await CreateAsync(scope.ToString(), scope);
        }
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync(CancellationToken.None).DefaultTimeout();
        await _host.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    public async Task<(AccessKey Key, string Token)> CreateAsync(string name, KeyScope scope)
    {
        var created = (KeyCreation.Created)await Services.GetRequiredService<KeyBook>().CreateAsync(name, scope, CancellationToken.None);
        return (created.Key, created.Token.Reveal());
    }

    public void Ask(KeyDemand demand) => Settings.With(KeySettings.RequireKeys, demand.ToString().ToLowerInvariant());

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? token, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).DefaultTimeout();
    }
}
