using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Demo;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Hosts;
using Appliance.TestKit.Time;
using Xunit;

namespace Appliance.Cluster.Tests.Demo;

public sealed class SimulatedFenceContractTests : FenceContract, IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private DemoCluster _demo = null!;

    protected override IHostShell Shell => _demo.Shell;

    protected override HostId Host => HostId.Parse("spark-1");

    protected override HostId UnreachableHost => HostId.Parse("spark-2");

    public async Task InitializeAsync() => _demo = await DemoCluster.StartAsync(
        new DemoOptions { Scenario = DemoScenario.HostOffline }, _clock, CancellationToken.None).DefaultTimeout();

    public Task DisposeAsync() => _demo.DisposeAsync().AsTask().DefaultTimeout();

    protected override int CountDockerCalls(params string[] words) => _demo.ReadDockerCalls(Host).Count(call => call.Skip(1).SequenceEqual(words));

    protected override LongWork PrepareLongWork() => new(
        // PID 1 of the container takes its time to obey.
        ShellCommand.Of("docker", "stop", "vllm_node"),
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            return Task.CompletedTask;
        },
        () => CountDockerCalls("stop", "vllm_node"));

    protected override async Task CutConnectionsAsync()
    {
        var faults = _demo.Faults;
        await _demo.SwitchAsync(faults with { Offline = faults.Offline.Add(Host) });
        await _demo.SwitchAsync(faults);
    }

    protected override Task LoseRunningWorkAsync() => _demo.RestartAsync(Host);
}
