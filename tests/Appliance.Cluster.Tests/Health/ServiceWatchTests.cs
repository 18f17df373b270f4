using Appliance.Cluster.Events;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.Demo;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Health;

#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class ServiceWatchTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly ServiceId Bot = ServiceId.Parse("matrix-bridge");
    private static readonly ServiceId Vectors = ServiceId.Parse("qdrant");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    // Its answers travel in real time, while the clock of the watch runs as fast as the test moves it.
    private readonly HttpModelProbe _probe = new(TimeProvider.System);
    private DemoCluster _demo = null!;
    private Database _database = null!;
    private EventLog _events = null!;
    private ClusterView _view = null!;
    private ServiceWatch _watch = null!;

    public async Task InitializeAsync()
    {
        _demo = await DemoCluster.StartAsync(new DemoOptions { Speed = 1000 }, _clock, CancellationToken.None).DefaultTimeout();
        _database = await Database.OpenAsync(_folder.File("appliance.db"), CancellationToken.None);
        var topology = new FixedTopology(_demo.Definition);
        _view = new ClusterView(topology, _clock);
        _events = new EventLog(_database, _view, NullLogger<EventLog>.Instance);
        _watch = new ServiceWatch(topology, _demo.Shell, _probe, _view, _events, _clock, NullLogger<ServiceWatch>.Instance);
        await _watch.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None).DefaultTimeout();
        _watch.Dispose();
        _probe.Dispose();
        await _database.DisposeAsync();
        await _demo.DisposeAsync().AsTask().DefaultTimeout();
        _folder.Dispose();
    }

    [Fact]
    public async Task Services_that_run_are_working_and_make_no_event()
    {
        var services = (await WaitAsync(cluster => cluster.Services.All(service => service.Beats.Length >= 4))).Services;

        services.Length.ShouldBe(5);
        services.ShouldAllBe(service => service.Condition.Kind == ConditionKind.Working || service.Condition.Kind == ConditionKind.Busy);
        services.ShouldAllBe(service => service.Condition.LastSeen != null);
        (await _events.ReadNewestAsync(null, 10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Service_that_crashes_and_comes_back_tells_both_once()
    {
        await WaitAsync(_ => Kind(Bot) == ConditionKind.Working);

        await _demo.SwitchAsync(DemoFaults.None with { Crashed = [Bot] });
        await WaitAsync(_ => Kind(Bot) == ConditionKind.Crashed);
        var seen = Service(Bot).Beats.Length;
        await WaitAsync(_ => Service(Bot).Beats.Length > seen + 3);
        var attention = _view.Current.Attention.ShouldHaveSingleItem();
        await _demo.SwitchAsync(DemoScenario.Calm);
        await WaitAsync(_ => Kind(Bot) == ConditionKind.Working && _view.Current.Recent.Length >= 2);

        attention.Title.ShouldBe("Matrix bot crashed");
        _view.Current.Attention.ShouldBeEmpty();
        var told = await _events.ReadAsync(0, EventTypes.ConditionChanged, 10, CancellationToken.None);
        told.Select(one => one.Sentence).ShouldBe(["Matrix bot crashed: It ended by itself with exit code 1.", "Matrix bot is well again"]);
        told.Select(one => one.Severity).ShouldBe([EventSeverity.Error, EventSeverity.Info]);
        told[0].Details["service"].ShouldBe("matrix-bridge");
        told[0].Details["state"].ShouldBe("crashed");
    }

    [Fact]
    public async Task Service_that_is_stopped_with_docker_is_stopped_on_purpose()
    {
        await WaitAsync(_ => Kind(Vectors) == ConditionKind.Working);

        // The service closes its port in real time, while the clock runs as fast as the test moves it: the usual 30 s may pass meanwhile.
        var command = ShellCommand.Of("docker", "stop", "qdrant") with { Deadline = TimeSpan.FromDays(30) };
        var stop = _demo.Shell.RunAsync(_demo.Hosts[0].Id, command, CancellationToken.None);

        await WaitAsync(cluster => Kind(Vectors) == ConditionKind.Stopped && cluster.Recent.Any(one => one.Sentence == "Vectors was stopped"));

        (await stop.DefaultTimeout()).IsOk.ShouldBeTrue();
        _view.Current.Attention.ShouldBeEmpty();
    }

    [Fact]
    public async Task Beats_are_the_last_thirty_looks()
    {
        await WaitAsync(_ => Service(Bot).Beats.Length == 30);
        var before = _view.Current.Generation;
        await WaitAsync(cluster => cluster.Generation > before + 10);

        Service(Bot).Beats.Length.ShouldBe(30);
    }

    [Fact]
    public async Task Services_that_answer_cost_few_commands_on_their_machines()
    {
        await WaitAsync(_ => Service(Vectors).Beats.Length == 30);

        _demo.Ran.Count(ran => ran.Command.Words is ["docker", "inspect", .., "qdrant"]).ShouldBeInRange(1, 6);
    }

    private ServiceSnapshot Service(ServiceId id) => _view.Current.Services.Single(service => service.Definition.Id == id);

    private ConditionKind Kind(ServiceId id) => Service(id).Condition.Kind;

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
