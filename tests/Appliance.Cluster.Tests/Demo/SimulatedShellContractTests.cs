using Appliance.Cluster.Engines;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Demo;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Hosts;
using Appliance.TestKit.Time;
using Xunit;

namespace Appliance.Cluster.Tests.Demo;

public sealed class SimulatedShellContractTests : HostShellContract, IAsyncLifetime
{
    private DemoCluster _demo = null!;

    protected override IHostShell Shell => _demo.Shell;

    protected override HostId Host => HostId.Parse("spark-1");

    protected override HostId UnreachableHost => HostId.Parse("spark-2");

    protected override RemoteScript LookAtServer => RemoteScript.Load(typeof(VllmEngine), "look-at-server");

    public async Task InitializeAsync() => _demo = await DemoCluster.StartAsync(
        new DemoOptions { Scenario = DemoScenario.HostOffline }, new ManualClock(), CancellationToken.None).DefaultTimeout();

    public Task DisposeAsync() => _demo.DisposeAsync().AsTask().DefaultTimeout();
}
