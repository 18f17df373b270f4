using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Cluster.Storage;
using Appliance.Demo;
using Appliance.Demo.Scenarios;
using Appliance.Hosting;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;

namespace Appliance.Browser.Tests.Running;

/// <summary>The real appliance with a demo cluster, in this process, on a free port and with a data folder of its own.</summary>
internal sealed class RunningAppliance : IAsyncDisposable
{
    // A load takes one to two seconds: long enough to be seen, short enough to be waited for.
    private const double UsualSpeed = 20;

    private readonly TemporaryFolder _data;
    private readonly ApplianceHost _host;

    private RunningAppliance(TemporaryFolder data, ApplianceHost host)
    {
        _data = data;
        _host = host;
    }

    public Uri Address => _host.Address;

    public static async Task<RunningAppliance> StartAsync(DemoScenario? scenario = null, double speed = UsualSpeed, bool isBehindOtherPort = false)
    {
        var data = new TemporaryFolder();
        try
        {
            var host = await ApplianceHost.StartAsync(
                new ApplianceOptions
                {
                    Data = new DataDirectory(data.Path),
                    Urls = ["http://127.0.0.1:0"],
                    Demo = new DemoOptions { Speed = speed, Scenario = scenario ?? DemoScenario.Calm },
                    // As in a container: the port that the browser sees is not the one that we listen on.
                    IsInContainer = isBehindOtherPort,
                    LogsToConsole = false,
                },
                CancellationToken.None).DefaultTimeout();
            return new RunningAppliance(data, host);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>How many changes there were, ended or not.</summary>
    public async Task<int> CountSwapsAsync()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address };
        var swaps = await client.GetFromJsonAsync<JsonElement>("/api/swap").DefaultTimeout();
        return swaps.GetProperty("recent").GetArrayLength() + (swaps.GetProperty("current").ValueKind == JsonValueKind.Object ? 1 : 0);
    }

    /// <summary>A file of the data folder.</summary>
    public Task<string> ReadFileAsync(string name) => File.ReadAllTextAsync(_data.File(name));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None).DefaultTimeout();
        await _host.DisposeAsync();
        _data.Dispose();
    }
}
