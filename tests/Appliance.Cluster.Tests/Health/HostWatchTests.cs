using Appliance.Cluster.Health;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.Demo;
using Appliance.Demo.Machines;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Health;

public sealed class HostWatchTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private DemoCluster _demo = null!;
    private readonly HostCalls _calls = new();
    private ClusterView _view = null!;
    private IHostedService _watch = null!;

    public async Task InitializeAsync()
    {
        _demo = await DemoCluster.StartAsync(new DemoOptions(), _clock, CancellationToken.None).DefaultTimeout();
        var topology = new FixedTopology(_demo.Definition);
        _view = new ClusterView(topology, _clock);
        _watch = new HostWatch(topology, _demo.Shell, _calls, _view, Random.Shared, _clock, NullLogger<HostWatch>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None).DefaultTimeout();
        (_watch as IDisposable)?.Dispose();
        await _demo.DisposeAsync().AsTask().DefaultTimeout();
    }

    [Fact]
    public async Task Watch_publishes_the_readings_of_every_host()
    {
        await _watch.StartAsync(CancellationToken.None);

        var hosts = (await WaitAsync(cluster => cluster.Hosts.All(host => host.ObservedAt is not null))).Hosts;

        hosts.ShouldAllBe(host => host.Condition.Kind == ConditionKind.Working && host.GpuName == "NVIDIA GB10" && host.Fault == null);
        hosts[0].MemoryTotal.ShouldBe(SimulatedHost.MemoryTotal);
        hosts[0].MemoryAvailable!.Value.Gigabytes.ShouldBe(_demo.Hosts[0].MemoryAvailable.Gigabytes, 0.001);
        hosts[0].MemoryOfModels!.Value.Gigabytes.ShouldBe(_demo.Hosts[0].MemoryOfModels.Gigabytes, 0.01);
        hosts[0].LinkMegabits.ShouldBe(200_000);
        hosts[0].DiskFree.ShouldNotBeNull();
    }

    [Fact]
    public async Task Host_that_goes_away_keeps_its_readings_and_says_why_and_comes_back()
    {
        await _watch.StartAsync(CancellationToken.None);
        var before = await WaitAsync(cluster => cluster.Hosts.All(host => host.ObservedAt is not null));
        await _demo.SwitchAsync(DemoScenario.HostOffline);

        var away = (await WaitAsync(cluster => cluster.Hosts[1].Condition.Kind == ConditionKind.Unreachable)).Hosts[1];

        away.Fault!.Kind.ShouldBe(HostFaultKind.Unreachable);
        away.Condition.Reason.ShouldBe(away.Fault.Message);
        away.Condition.LastSeen.ShouldBe(away.ObservedAt);
        away.MemoryTotal.ShouldBe(before.Hosts[1].MemoryTotal);
        away.ObservedAt!.Value.ShouldBeLessThan(_clock.GetUtcNow());
        _view.Current.Hosts[0].Condition.Kind.ShouldBe(ConditionKind.Working);

        await _demo.SwitchAsync(DemoScenario.Calm);
        var back = (await WaitAsync(cluster => cluster.Hosts[1].Condition.Kind == ConditionKind.Working)).Hosts[1];
        back.Fault.ShouldBeNull();
        back.Condition.Since!.Value.ShouldBeGreaterThan(away.Condition.Since!.Value);
    }

    [Fact]
    public void One_lost_connection_is_not_an_outage_and_the_second_is()
    {
        var now = _clock.GetUtcNow();
        var fault = new HostFault(HostFaultKind.ConnectionLost, "It broke.");
        var working = HostReadings.Answered(_view.Current.Hosts[0], new HostFacts(), now);

        HostReadings.Failed(working, fault, 1, now).ShouldBeSameAs(working);

        var down = HostReadings.Failed(working, fault, 2, now);
        down.Condition.Kind.ShouldBe(ConditionKind.Unreachable);
        HostReadings.Failed(down, fault, 3, now.AddMinutes(1)).ShouldBeSameAs(down);
    }

    [Theory]
    [InlineData(HostFaultKind.AuthenticationFailed)]
    [InlineData(HostFaultKind.HostKeyChanged)]
    public void Host_that_refuses_us_is_in_unknown_condition_at_once(HostFaultKind kind)
    {
        var working = HostReadings.Answered(_view.Current.Hosts[0], new HostFacts(), _clock.GetUtcNow());

        var refused = HostReadings.Failed(working, new HostFault(kind, "No."), 1, _clock.GetUtcNow());

        refused.Condition.Kind.ShouldBe(ConditionKind.Unknown);
        refused.Fault!.Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task Switched_off_host_is_asked_at_most_a_few_times_a_minute()
    {
        await _demo.SwitchAsync(DemoScenario.HostOffline);
        await _watch.StartAsync(CancellationToken.None);
        await WaitAsync(cluster => cluster.Hosts[1].Condition.Kind == ConditionKind.Unreachable);
        var began = _clock.GetUtcNow();

        await WaitAsync(_ => _clock.GetUtcNow() - began > TimeSpan.FromMinutes(10));

        var asked = _demo.Ran.Where(ran => ran.Host == _demo.Hosts[1].Id && ran.At > began.AddMinutes(5)).ToList();
        asked.Count.ShouldBeInRange(8, 16);
    }

    private async Task<ClusterSnapshot> WaitAsync(Func<ClusterSnapshot, bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition(_view.Current))
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            _clock.AdvanceToNextTimer(TimeSpan.FromSeconds(60));
            await Task.Yield();
        }

        return _view.Current;
    }
}
