using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using Appliance.Cluster.Discovery;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Events;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.Simulation.Machines;
using Appliance.Simulation.Mistakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Simulation.Running;

/// <summary>One life of the real control plane, from a start to a kill: every loop of it, on the simulated machines, on one file.</summary>
internal sealed class Life
{
    private static readonly MethodInfo CloseFile = typeof(Database).GetMethod("Close", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly ServiceProvider _services;
    private readonly TaskCompletionSource _up = new();
    private readonly List<Task> _loops = [];

    /// <summary>A life on a home; <paramref name="menu"/> is what lies on its disks, or default to have the disks really listed, which takes most of the time.</summary>
    public Life(Pump pump, Home home, DataDirectory data, ImmutableArray<ModelCard> menu, ISettings settings, Random random, Mistake mistake, IWatcher watcher)
    {
        Place = new Place(pump);
        BornAt = pump.Now;
        Network = new Network(Place, home.Machines, home.Demo.Shell, random, watcher, Planted.Tampering(mistake));
        var services = new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(Place.Scheduler)
            .AddSingleton(Place.Clock)
            .AddSingleton(random)
            .AddSingleton<RandomNumberGenerator>(new SeededNumbers(random))
            .AddSingleton<ITopology>(new FixedTopology(home.Definition))
            .AddSingleton(settings)
            .AddSingleton<IHostShell>(Network)
            .AddSingleton(Planted.Decisions(mistake))
            .AddStorage(data)
            .AddEvents()
            .AddView()
            .AddHostWatch()
            .AddDiscovery()
            .AddEngines()
            .AddRecipes()
            .AddModels()
            .AddHealth()
            .AddUpstreams()
            .AddReservations()
            .AddSwaps()
            .AddSingleton<IModelProbe>(Planted.Probe(mistake, new SimulatedProbe(home, Place, random)));
        _services = services.BuildServiceProvider();
        Swaps = _services.GetRequiredService<SwapEngine>();
        Desk = _services.GetRequiredService<ReservationDesk>();
        Events = _services.GetRequiredService<IEventLog>();
        View = _services.GetRequiredService<ClusterView>();
        Place.Post(() => _loops.Add(BeginAsync(menu, mistake)));
    }

    /// <summary>Where it runs.</summary>
    public Place Place { get; }

    public Network Network { get; }

    /// <summary>When it began.</summary>
    public TimeSpan BornAt { get; }

    /// <summary>Whether it can be asked something: the web server starts when everything else has.</summary>
    public bool IsUp => _up.Task.IsCompleted;

    public SwapEngine Swaps { get; }

    public ReservationDesk Desk { get; }

    public IEventLog Events { get; }

    public ClusterView View { get; }

    /// <summary>Loops that ended by a mistake; empty while all is well.</summary>
    public IEnumerable<Exception> Broken => _loops.Where(loop => loop.IsFaulted).Select(loop => loop.Exception!.GetBaseException());

    /// <summary>Somebody asks the appliance something, as soon as it can be asked.</summary>
    public Task<T> Ask<T>(Func<Task<T>> question) => Place.RunAsync(async () =>
    {
        await _up.Task;
        return await question();
    });

    /// <summary><c>kill -9</c>: nothing more is done, not even what stands in a <c>finally</c>. What the kernel would close is closed.</summary>
    public void Kill()
    {
        Place.Die();
        // Not Dispose: it would wait for work that will never end now.
        CloseFile.Invoke(_services.GetRequiredService<Database>(), null);
        _services.GetRequiredService<InstanceLock>().Dispose();
    }

    // StartAsync of a background service would put its loop onto the thread pool.
    private async Task BeginAsync(ImmutableArray<ModelCard> menu, Mistake mistake)
    {
        Planted.Mislead(mistake, View);
        await _services.GetRequiredService<ReservationKeeper>().RestoreAsync(CancellationToken.None);
        foreach (var service in _services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (service is ServiceWatch or EventKeeper || (!menu.IsDefault && service is (ModelMenu or ModelDiscovery)))
            {
                continue;
            }

            var execute = service.GetType().GetMethod("ExecuteAsync", BindingFlags.Instance | BindingFlags.NonPublic)!;
            _loops.Add((Task)execute.Invoke(service, [CancellationToken.None])!);
        }

        _up.SetResult();
        if (!menu.IsDefault)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(400), Place.Clock);
            View.Update(snapshot => snapshot with { Models = menu, ModelsAreKnown = true });
        }
    }

    private sealed class SeededNumbers(Random random) : RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => random.NextBytes(data);

        public override void GetBytes(Span<byte> data) => random.NextBytes(data);
    }
}
