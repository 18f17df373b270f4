using System.Net;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;
using Appliance.Demo;
using Appliance.Demo.Machines;
using Appliance.Demo.Scenarios;
using Appliance.Simulation.Running;

namespace Appliance.Simulation.Machines;

/// <summary>Two machines with their models, and the truth about what runs on them.</summary>
internal sealed class Home
{
    private readonly Dictionary<int, SimulatedPort> _ports = [];
    private readonly Pump _pump;

    public Home(Pump pump)
    {
        _pump = pump;
        Machines = new Place(pump);
        Demo = Finish(Machines.RunAsync(() => DemoCluster.StartAsync(new DemoOptions { Speed = 20 }, Machines.Clock, Reserve, withServices: false, CancellationToken.None)));
    }

    /// <summary>Where what happens on the machines runs; it outlives every life of the appliance.</summary>
    public Place Machines { get; }

    public DemoCluster Demo { get; }

    public ClusterDefinition Definition => Demo.Definition;

    /// <summary>When somebody or something last touched the machines past the appliance.</summary>
    public TimeSpan TouchedAt { get; private set; }

    public SimulatedHost GetHost(HostId id) => Demo.GetHost(id);

    /// <summary>Whether any container of a lane exists.</summary>
    public bool HasContainer(LaneDefinition lane) => Demo.Hosts.Any(host => host.Docker.Find(lane.Container) is not null);

    /// <summary>The port of a lane.</summary>
    public SimulatedPort? FindPort(LaneId lane) => _ports.GetValueOrDefault(Definition.FindLane(lane)!.Port);

    /// <summary>The server that answers at an address now; null when none does, or its machine is away.</summary>
    public SimulatedPort? FindOpen(Uri server) => _ports.GetValueOrDefault(server.Port) is { IsOpen: true } port ? port : null;

    /// <summary>The repository that a lane really serves.</summary>
    public RepoId? FindServing(LaneId lane) => Demo.FindServing(lane);

    /// <summary>Whether the model that a lane serves gives tokens.</summary>
    public bool IsWell(LaneDefinition lane) => FindPort(lane.Id) is { IsOpen: true, Behaviour.Wedged: false };

    /// <summary>Somebody touches the machines now.</summary>
    public void Touch() => TouchedAt = _pump.Now;

    /// <summary>Changes what is wrong.</summary>
    public void Change(Func<DemoFaults, DemoFaults> change)
    {
        var faults = change(Demo.Faults);
        Do(async demo =>
        {
            await demo.SwitchAsync(faults);
            return true;
        });
    }

    /// <summary>Something happens on the machines by itself or by a person's hand.</summary>
    public T Do<T>(Func<DemoCluster, Task<T>> work)
    {
        TouchedAt = _pump.Now;
        var done = Finish(Machines.RunAsync(() => work(Demo)));
        TouchedAt = _pump.Now;
        return done;
    }

    private SimulatedPort Reserve(IPAddress _)
    {
        var port = new SimulatedPort(8000 + _ports.Count);
        _ports[port.Port] = port;
        return port;
    }

    private T Finish<T>(Task<T> task)
    {
        if (!_pump.RunUntil(() => task.IsCompleted, TimeSpan.FromMinutes(5)))
        {
            throw new InvalidOperationException("The machines hang.");
        }

        return task.GetAwaiter().GetResult();
    }
}
