using Appliance.Cluster.Discovery;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Tests.Engines;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Models;

public sealed class ModelMenuTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task The_menu_becomes_known_when_every_host_was_asked_and_then_rests()
    {
        var topology = new FixedTopology(Home.Cluster);
        var view = new ClusterView(topology, _clock);
        using var discovery = new ModelDiscovery(topology, new EmptyCaches(), _clock, NullLogger<ModelDiscovery>.Instance);
        var book = new RecipeBook(new DataDirectory(_folder.Path), NullLogger<RecipeBook>.Instance);
        using var menu = new ModelMenu(view, discovery, book, _clock, NullLogger<ModelMenu>.Instance);
        using var subscription = view.Subscribe();
        await menu.StartAsync(CancellationToken.None);

        subscription.Initial.ModelsAreKnown.ShouldBeFalse();
        await discovery.RefreshAsync(CancellationToken.None).DefaultTimeout();
        await UntilAsync(subscription, snapshot => snapshot.ModelsAreKnown).DefaultTimeout();
        var generation = view.Current.Generation;
        _clock.Advance(TimeSpan.FromSeconds(30));

        await menu.StopAsync(CancellationToken.None).DefaultTimeout();
        view.Current.Generation.ShouldBe(generation);
        view.Current.Models.ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    private static async Task UntilAsync(ClusterSubscription subscription, Func<ClusterSnapshot, bool> holds)
    {
        await foreach (var snapshot in subscription.ReadAllAsync(CancellationToken.None))
        {
            if (holds(snapshot))
            {
                return;
            }
        }
    }

    /// <summary>Hosts without any model.</summary>
    private sealed class EmptyCaches : IHostShell
    {
        public Task<ShellOutcome> RunAsync(HostId host, ShellCommand command, CancellationToken cancellationToken) =>
            Task.FromResult<ShellOutcome>(new ShellOutcome.Completed(0, EmptyListing, ""));

        public Task<ShellOutcome> FollowAsync(HostId host, ShellCommand command, Action<string> onLine, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<RunLook> LookAtRunAsync(HostId host, RunId run, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<EpochLook> ReadEpochAsync(HostId host, string scope, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private const string EmptyListing = "appliance-models 1\nhub missing\nend 0\n";
}
