using Appliance.Cluster.Discovery;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;
using Appliance.Demo;
using Appliance.Demo.Cache;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Discovery;

public sealed class ModelDiscoveryTests : IAsyncLifetime
{
    private static readonly HostId First = HostId.Parse("spark-1");
    private static readonly HostId Second = HostId.Parse("spark-2");
    private readonly ManualClock _clock = new();
    private DemoCluster _demo = null!;

    public async Task InitializeAsync() => _demo = await DemoCluster.StartAsync(new DemoOptions(), _clock, CancellationToken.None).DefaultTimeout();

    public Task DisposeAsync() => _demo.DisposeAsync().AsTask().DefaultTimeout();

    [Fact]
    public async Task Discovery_finds_exactly_what_lies_in_the_caches()
    {
        using var discovery = Create();

        var inventory = await discovery.RefreshAsync(CancellationToken.None).DefaultTimeout();

        inventory.IsComplete.ShouldBeTrue();
        foreach (var host in _demo.Hosts)
        {
            var disk = inventory.FindHost(host.Id)!;
            disk.ObservedAt.ShouldBe(_clock.GetUtcNow());
            disk.Models.Select(model => (model.Repo, model.Size, model.Revision, model.ConfigJson, model.IsComplete)).ShouldBe(
                host.Cache.Models.Select(model => (model.Repo, model.Size, (string?)model.Revision, (string?)model.ConfigJson, model.MissingShards == 0)));
        }

        inventory.FindHost(First)!.Models.Length.ShouldBeGreaterThanOrEqualTo(7);
        inventory.FindHost(First)!.Models.Single(model => model.Repo == DemoModels.Nemotron.Repo).Missing.ShouldBe("9 of 17 weight files");
    }

    [Fact]
    public async Task Host_that_goes_away_keeps_its_last_listing_with_the_reason()
    {
        using var discovery = Create();
        var before = await discovery.RefreshAsync(CancellationToken.None).DefaultTimeout();
        await _demo.SwitchAsync(DemoScenario.HostOffline);
        _clock.Advance(TimeSpan.FromMinutes(5));

        var after = await discovery.RefreshAsync(CancellationToken.None).DefaultTimeout();

        after.IsComplete.ShouldBeTrue();
        after.FindHost(Second)!.Models.ShouldBe(before.FindHost(Second)!.Models);
        after.FindHost(Second)!.ObservedAt.ShouldBe(before.FindHost(Second)!.ObservedAt);
        after.FindHost(Second)!.Fault!.Message.ShouldContain("Spark 2");
        after.FindHost(First)!.Fault.ShouldBeNull();
    }

    [Fact]
    public async Task Inventory_is_not_complete_before_every_host_has_answered()
    {
        await _demo.SwitchAsync(DemoScenario.HostOffline);
        using var discovery = Create();

        (await discovery.RefreshAsync(CancellationToken.None).DefaultTimeout()).IsComplete.ShouldBeFalse();

        await _demo.SwitchAsync(DemoScenario.Calm);
        (await discovery.RefreshAsync(CancellationToken.None).DefaultTimeout()).IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Service_lists_at_the_start_and_every_minute_and_tells_followers()
    {
        using var discovery = Create();
        await discovery.StartAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource();
        await using var inventories = discovery.FollowAsync(limit.Token).GetAsyncEnumerator();
        await UntilAsync(() => inventories.Current is { IsComplete: true });

        _demo.GetHost(First).Cache.Remove(DemoModels.Granite.Repo);
        await UntilTimersWait();
        _clock.Advance(ModelDiscovery.Period);

        await UntilAsync(() => inventories.Current.FindHost(First)!.Models.All(model => model.Repo != DemoModels.Granite.Repo));
        await discovery.StopAsync(CancellationToken.None).DefaultTimeout();

        async Task UntilAsync(Func<bool> condition)
        {
            do
            {
                (await inventories.MoveNextAsync().AsTask().DefaultTimeout()).ShouldBeTrue();
            }
            while (!condition());
        }
    }

    private async Task UntilTimersWait()
    {
        while (_clock.PendingTimers == 0)
        {
            await Task.Yield();
        }
    }

    private ModelDiscovery Create() => new(new FixedTopology(_demo.Definition), _demo.Shell, _clock, NullLogger<ModelDiscovery>.Instance);
}
