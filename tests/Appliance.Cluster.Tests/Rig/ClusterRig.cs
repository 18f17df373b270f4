using Appliance.Cluster.Discovery;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Events;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Appliance.Demo;
using Appliance.Demo.Machines;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;

namespace Appliance.Cluster.Tests.Rig;

/// <summary>
/// The control plane without its web side, on a fast demo cluster and a data directory that outlives a restart. Time is real but short: the simulated
/// machines run a thousand times faster than a Spark, and the control plane's clock ten times faster than the one on the wall.
/// </summary>
internal sealed class ClusterRig : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Action<IServiceCollection>? _configure;
    private IHost? _host;

    private ClusterRig(DemoCluster demo, Action<IServiceCollection>? configure) => (Demo, _configure) = (demo, configure);

    public DemoCluster Demo { get; }

    /// <summary>
    /// The clock of the control plane; the machines have their own. At this pace its shortest limit, 2 s, is still half a second, and a machine that is slow
    /// in the first moments of a test run has five seconds to get a server's process going.
    /// </summary>
    public PacedClock Clock { get; } = new(pace: 4);

    /// <summary>What the owner has set.</summary>
    public FixedSettings Settings { get; } = new();

    public string DatabasePath => new DataDirectory(_folder.Path).Database;

    public SwapEngine Swaps => Get<SwapEngine>();

    public ClusterView View => Get<ClusterView>();

    public static async Task<ClusterRig> StartAsync(DemoOptions? options = null, Action<IServiceCollection>? configure = null)
    {
        var demo = await DemoCluster.StartAsync(options ?? new DemoOptions { Speed = 1000 }, TimeProvider.System, CancellationToken.None);
        var rig = new ClusterRig(demo, configure);
        await rig.StartAgainAsync();
        return rig;
    }

    public T Get<T>()
        where T : notnull => _host!.Services.GetRequiredService<T>();

    /// <summary>Stops the control plane, if it runs, and starts a new one on the same data. The machines run on meanwhile.</summary>
    public async Task StartAgainAsync()
    {
        await StopAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services
            .AddSingleton<TimeProvider>(Clock)
            .AddDemoCluster(Demo)
            .AddStorage(new DataDirectory(_folder.Path))
            .AddSingleton<ISettings>(Settings)
            .AddEvents()
            .AddView()
            .AddDiscovery()
            .AddHostWatch()
            .AddEngines()
            .AddRecipes()
            .AddModels()
            .AddHealth()
            .AddUpstreams()
            .AddReservations()
            .AddSwaps();
        _configure?.Invoke(builder.Services);
        _host = builder.Build();
        await _host.StartAsync().DefaultTimeout();
    }

    /// <summary>How many launches reached a machine.</summary>
    public int Launches => Demo.Ran.Count(IsLaunch);

    public static bool IsLaunch(RanCommand ran) => ran.Command.Words.Contains("exec");

    /// <summary>The first snapshot of which a condition holds.</summary>
    public async Task<ClusterSnapshot> WhenAsync(Func<ClusterSnapshot, bool> holds)
    {
        using var subscription = View.Subscribe();
        if (holds(subscription.Initial))
        {
            return subscription.Initial;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var snapshot in subscription.ReadAllAsync(limit.Token))
        {
            if (holds(snapshot))
            {
                return snapshot;
            }
        }

        throw new InvalidOperationException("The view ended.");
    }

    /// <summary>Waits until disks and lanes were looked at.</summary>
    public Task<ClusterSnapshot> WhenReadyAsync() => WhenAsync(snapshot =>
        snapshot.ModelsAreKnown && snapshot.MainLane!.Condition.Kind != ConditionKind.Unknown && snapshot.MainLane is not ({ Serving: null, Condition.Kind: ConditionKind.Working } or { Serving: { Id: null } }));

    /// <summary>Asks for a model on the main lane.</summary>
    public Task<SwapOutcome> RequestAsync(string model, bool queue = false) =>
        Swaps.RequestAsync(new SwapRequest { Model = model, RequestedBy = "Alice", Queue = queue }, CancellationToken.None);

    /// <summary>Likewise; the accepted job.</summary>
    public async Task<SwapJob> AcceptedAsync(string model, bool queue = false) => (await RequestAsync(model, queue)).ShouldBeOfType<SwapOutcome.Accepted>().Job;

    /// <summary>The job when it has ended.</summary>
    public Task<SwapJob> EndedAsync(SwapJob job) => EndedAsync(job.Id);

    /// <summary>Likewise.</summary>
    public async Task<SwapJob> EndedAsync(SwapJobId job)
    {
        var ended = await Swaps.WaitAsync(job, TimeSpan.FromHours(1), CancellationToken.None).DefaultTimeout();
        ended!.State.IsTerminal().ShouldBeTrue($"still {ended.State} at {ended.Progress:0} %");
        return ended;
    }

    public async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.StopAsync().DefaultTimeout();
            host.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Demo.DisposeAsync();
        _folder.Dispose();
    }
}
