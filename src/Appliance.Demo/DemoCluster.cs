using System.Collections.Immutable;
using System.Net;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Demo.Cache;
using Appliance.Demo.FakeUpstreams;
using Appliance.Demo.Launching;
using Appliance.Demo.Machines;
using Appliance.Demo.Scenarios;

namespace Appliance.Demo;

/// <summary>
/// A whole simulated home: two machines with disks, memory, docker and a launcher, and real HTTP servers on loopback. What a newcomer sees first, and
/// what tests run against. Everything goes by the injected clock. Thread-safe.
/// </summary>
public sealed class DemoCluster : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _switching = new(1, 1);
    private readonly LaunchWorld _world;
    private readonly SimulatedShell _shell;
    private readonly SimulatedLauncher _byHand;

    private DemoCluster(LaunchWorld world, ClusterDefinition definition)
    {
        _world = world;
        _shell = new SimulatedShell(world, _closing.Token);
        _byHand = new SimulatedLauncher(world);
        Definition = definition;
    }

    /// <summary>What the owner of this home has.</summary>
    public ClusterDefinition Definition { get; }

    /// <summary>The way to its machines.</summary>
    public IHostShell Shell => _shell;

    /// <summary>Its machines.</summary>
    public ImmutableArray<SimulatedHost> Hosts => _world.Hosts;

    /// <summary>The commands that were sent to the machines, oldest first, the newest 2000.</summary>
    public ImmutableArray<RanCommand> Ran => _shell.Ran;

    /// <summary>What is wrong now.</summary>
    public DemoFaults Faults => _world.Faults;

    /// <summary>Starts the machines and every server; when it returns, the scenario is in force.</summary>
    public static Task<DemoCluster> StartAsync(DemoOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        StartAsync(options, time, address => FakeModelServer.Reserve(address, time), withServices: true, cancellationToken);

    /// <summary>As the other one, with ports of the caller's kind, and without the services where no socket may be.</summary>
    internal static async Task<DemoCluster> StartAsync(
        DemoOptions options, TimeProvider time, Func<IPAddress, IModelPort> reserve, bool withServices, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Speed, nameof(options));
        SimulatedHost Host(string id, string name, string address, ImmutableArray<DemoModel> models) =>
            new(HostId.Parse(id), name, address, new SimulatedCache(models), time, options.Speed);
        var first = Host("spark-1", "Spark 1", "127.0.0.1", DemoModels.OfFirstHost);
        var second = Host("spark-2", "Spark 2", "127.0.0.2", DemoModels.OfSecondHost);

        var main = reserve(IPAddress.Parse(first.Address));
        var small = reserve(IPAddress.Parse(second.Address));
        var world = new LaunchWorld(time, options)
        {
            Hosts = [first, second],
            Ports = ImmutableDictionary.CreateRange([At(first, main), At(second, small)]),
        };
        var services = withServices ? await DemoServices.StartAsync(first, time, cancellationToken) : [];
        var demo = new DemoCluster(world, new ClusterDefinition
        {
            IsDemo = true,
            Hosts = [first.Define(), second.Define()],
            Lanes =
            [
                new LaneDefinition { Id = LaneId.Main, Name = "Main", Hosts = [first.Id, second.Id], Port = main.Port, Container = "vllm_node" },
                new LaneDefinition { Id = LaneId.Parse("small"), Name = "Small helper", Hosts = [second.Id], Port = small.Port, Container = "vllm_small" },
            ],
            Services = services,
        });
        if (options.StartsWithModels)
        {
            await demo.StartServingAsync(first, "vllm_node", main, DemoModels.Qwen36, ["--gpu-memory-utilization=0.4", "--max-model-len=262144"], cancellationToken);
            await demo.StartServingAsync(second, "vllm_small", small, DemoModels.Qwen3Small, ["--gpu-memory-utilization=0.15", "--max-model-len=32768"], cancellationToken);
        }

        await demo.SwitchAsync(options.Scenario.Faults);
        return demo;
    }

    /// <summary>Puts a scenario in force, whatever was before.</summary>
    public Task SwitchAsync(DemoScenario scenario) => SwitchAsync(scenario.Faults);

    /// <summary>Puts faults in force, whatever was before. When it returns, hosts and servers behave accordingly.</summary>
    public async Task SwitchAsync(DemoFaults faults)
    {
        await _switching.WaitAsync(_closing.Token);
        try
        {
            var before = _world.Faults;
            _world.Faults = faults;
            foreach (var host in Hosts)
            {
                host.IsBusy = faults.Busy.Contains(host.Id);
                host.IsDiskFull = faults.FullDisks.Contains(host.Id);
                await SetOnlineAsync(host, !faults.Offline.Contains(host.Id));
            }

            foreach (var service in Definition.Services.Where(service => before.Crashed.Contains(service.Id) != faults.Crashed.Contains(service.Id)))
            {
                await CrashOrHealAsync(service, faults.Crashed.Contains(service.Id));
            }

            foreach (var server in Servers())
            {
                server.Behave(faults.Wedged && server.Head.Host == Hosts[0]);
                await server.SetReachableAsync(server.Head.Host.IsOnline);
            }
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>The machine of that id; throws <see cref="ArgumentException"/> for another.</summary>
    public SimulatedHost GetHost(HostId id) =>
        Hosts.FirstOrDefault(host => host.Id == id) ?? throw new ArgumentException($"There is no host {id}.", nameof(id));

    /// <summary>The HTTP server that answers for a lane; null while none does.</summary>
    public FakeModelServer? FindServer(LaneId lane) => FindSimulated(lane)?.Port as FakeModelServer;

    /// <summary>The repository that a lane really serves; null while it serves none.</summary>
    public RepoId? FindServing(LaneId lane) => FindSimulated(lane) is { State: ServerState.Serving, Model: { } model } ? model.Repo : null;

    /// <summary>The docker commands that really ran on a host, oldest first, the newest 2000; a launcher's own are not among them.</summary>
    public ImmutableArray<ImmutableArray<string>> ReadDockerCalls(HostId host) => GetHost(host).Docker.Calls;

    /// <summary>What a container wrote, oldest line first; empty when there is none of that name.</summary>
    public string ReadLog(HostId host, string container) =>
        string.Join('\n', GetHost(host).Docker.Find(container)?.Log.Tail(int.MaxValue) ?? []);

    /// <summary>The server process of a lane dies and its container stays: the normal picture of a crash. False when none runs.</summary>
    public async Task<bool> KillServerAsync(LaneId lane)
    {
        var server = FindSimulated(lane);
        await (server?.StopAsync() ?? Task.CompletedTask);
        return server is not null;
    }

    /// <summary>Somebody removes a container by hand (<c>docker rm -f</c>). False when there is none of that name.</summary>
    public async Task<bool> KillContainerAsync(HostId host, string name)
    {
        var docker = GetHost(host).Docker;
        var container = docker.Find(name);
        await (container is null ? Task.CompletedTask : docker.EndAsync(container, 137));
        return container is not null;
    }

    /// <summary>Somebody pulls the images anew on every machine: the same names stand for another id from now on.</summary>
    public void PullImages(string id)
    {
        foreach (var host in Hosts)
        {
            host.Docker.ImageId = id;
        }
    }

    /// <summary>A host loses its power and comes back: connections break, model servers and running commands are gone, what it noted on its disk stays.</summary>
    public async Task RestartAsync(HostId host)
    {
        var faults = Faults;
        await SwitchAsync(faults with { Offline = faults.Offline.Add(host) });
        await GetHost(host).RestartAsync();
        await SwitchAsync(faults);
    }

    /// <summary>
    /// Somebody starts a model by hand on a lane's head, past the appliance. Returns when the launcher has; the model loads on. The outcome is the launcher's.
    /// </summary>
    public Task<ShellOutcome.Completed> StartByHandAsync(LaneId lane, DemoModel model, CancellationToken cancellationToken)
    {
        var definition = Definition.FindLane(lane) ?? throw new ArgumentException($"There is no lane {lane}.", nameof(lane));
        ImmutableArray<string> words =
        [
            "./launch-cluster.sh", "--solo", "--name", definition.Container, "-d", "exec", "vllm", "serve", model.Repo.ToString(), "--port", $"{definition.Port}",
        ];
        return _byHand.RunAsync(GetHost(definition.Head), words, cancellationToken);
    }

    /// <summary>Everything ends: loads, servers, services.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _shell.CloseAsync();
        foreach (var host in Hosts)
        {
            foreach (var container in host.Docker.Containers)
            {
                await host.Docker.EndAsync(container, 0);
                await (container.Service?.Server.DisposeAsync() ?? ValueTask.CompletedTask);
            }
        }

        foreach (var port in _world.Ports.Values)
        {
            await port.DisposeAsync();
        }

        _switching.Dispose();
        _closing.Dispose();
    }

    private static KeyValuePair<IPEndPoint, IModelPort> At(SimulatedHost host, IModelPort server) =>
        new(new IPEndPoint(IPAddress.Parse(host.Address), server.Port), server);

    // An unplugged machine takes its HTTP servers with it.
    private async Task SetOnlineAsync(SimulatedHost host, bool isOnline)
    {
        if (host.IsOnline == isOnline)
        {
            return;
        }

        host.SetOnline(isOnline);
        foreach (var container in host.Docker.Containers.Where(container => container.FinishedAt is null))
        {
            await (container.Service is not { } service ? Task.CompletedTask : isOnline ? service.OpenAsync(_closing.Token) : service.CloseAsync());
        }
    }

    private async Task CrashOrHealAsync(ServiceDefinition service, bool isCrashed)
    {
        var docker = GetHost(service.Host).Docker;
        if (docker.Find(service.Container ?? "") is not { } container)
        {
            return;
        }

        if (isCrashed)
        {
            container.Log.Append("Traceback (most recent call last):");
            container.Log.Append("ConnectionResetError: [Errno 104] Connection reset by peer");
            await docker.EndAsync(container, 1);
        }
        else
        {
            await docker.RunAsync(["docker", "start", container.Name], _closing.Token);
        }
    }

    // The shares and lengths are those of the shipped recipes.
    private async Task StartServingAsync(
        SimulatedHost host, string name, IModelPort port, DemoModel model, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        var container = new SimulatedContainer(name, "vllm-node", _world.Time.GetUtcNow() - TimeSpan.FromHours(5));
        host.Docker.TryAdd(container);
        var serve = ServeCommand.Read(["vllm", "serve", model.Repo.ToString(), "--host=0.0.0.0", $"--port={port.Port}", .. arguments])!;
        await SimulatedServer.StartServingAsync(_world, serve, [new ServerPart(host, container)], port, cancellationToken);
    }

    private IEnumerable<SimulatedServer> Servers() =>
        Hosts.SelectMany(host => host.Docker.Containers).Select(container => container.Server).OfType<SimulatedServer>().Distinct();

    private SimulatedServer? FindSimulated(LaneId lane) =>
        Definition.FindLane(lane) is { } definition ? GetHost(definition.Head).Docker.Find(definition.Container)?.Server : null;
}
