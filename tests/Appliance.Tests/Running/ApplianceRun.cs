using Appliance.Cluster.Storage;
using Appliance.Demo;
using Appliance.Hosting;
using Appliance.Logging;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Appliance.Tests.Running;

/// <summary>A whole appliance on real Kestrel, with a demo cluster a thousand times as fast and a data directory of its own.</summary>
public sealed class ApplianceRun : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ApplianceHost? _host;

    /// <summary>The environment keys that it starts with.</summary>
    public Func<string, string?> ReadEnvironment { get; init; } = _ => null;

    public string DataDirectory => _folder.Path;

    public Uri Address => _host!.Address;

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _host!.Services;

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        _host = await ApplianceHost.StartAsync(Options(), CancellationToken.None).DefaultTimeout();
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _host!.StopAsync(CancellationToken.None).DefaultTimeout();
        await _host.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    public string ReadLog()
    {
        var logs = Directory.GetFiles(Path.Combine(DataDirectory, "logs"));
        return string.Concat(logs.Order(StringComparer.Ordinal).Select(ReadShared));
    }

    private ApplianceOptions Options() => new()
    {
        Data = new DataDirectory(_folder.Path),
        Urls = ["http://127.0.0.1:0"],
        Demo = new DemoOptions { Speed = 1000 },
        ReadEnvironment = key => key == "ALLOWED_HOSTS" ? "ai.home.example" : ReadEnvironment(key),
        LogsToConsole = false,
        Secrets = new Secrets([Canary]),
    };

    internal const string Canary = "hf_canaryToken0123456789";

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
