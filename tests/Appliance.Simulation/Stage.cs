using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Demo.Cache;
using Appliance.Demo.Scenarios;
using Appliance.Simulation.Machines;
using Appliance.Simulation.Mistakes;
using Appliance.Simulation.Plans;
using Appliance.Simulation.Running;

namespace Appliance.Simulation;

/// <summary>A home with its appliance, and at times a second one, to which things happen.</summary>
internal sealed class Stage(
    Pump pump, Home home, Random random, Mistake mistake, Action<string> fail, Action<string> note, HashSet<(SwapState State, Fault Fault)> coverage) : IDisposable
{
    private static readonly DemoModel[] Models = [DemoModels.Qwen36, DemoModels.Qwen3Small, DemoModels.Gemma, DemoModels.GptOss, DemoModels.Qwen35Large];

    private readonly Site _site = new(pump, home, random, mistake, fail, note);
    private readonly HashSet<Fault> _lasting = [];
    private readonly Dictionary<SwapJobId, SwapState> _states = [];
    private Site? _rival;
    private Operation _operation = null!;

    public bool HasEnded => _site.HasEnded && _rival?.HasEnded != false;

    private LaneDefinition Lane => home.Definition.Lanes[_operation.Lane];

    private DemoModel Model => Models[_operation.Model];

    private HostId Host => home.Definition.Hosts[_operation.Draw % 2].Id;

    public void Start()
    {
        note("the appliance starts");
        _site.Start();
    }

    public void Dispose()
    {
        _site.Dispose();
        _rival?.Dispose();
    }

    /// <summary>The next thing happens.</summary>
    public void Act(Operation operation)
    {
        _operation = operation;
        if (_site.Life is null && operation.Draw % 2 == 0)
        {
            Start();
        }

        if (operation.Kind <= OperationKind.SecondInstance)
        {
            if (_site.Life is { } life)
            {
                Ask(life);
            }
        }
        else
        {
            Happen();
        }
    }

    /// <summary>From now on all is well.</summary>
    public void EndFaults()
    {
        note("everything is well from now on");
        _lasting.Clear();
        _site.RefuseWrites(false);
        home.Change(_ => DemoFaults.None);
        if (_site.Life is null)
        {
            Start();
        }

        (_site.Life!.Network.LostOnTheWay, _site.Life.Network.LostOnTheWayBack) = (0, 0);
    }

    public void CheckAtRest(bool isRest)
    {
        _site.CheckAtRest(isRest);
        _rival?.CheckAtRest(isRest);
    }

    /// <summary>Looks at everything after a step.</summary>
    public void Look()
    {
        foreach (var ended in _site.Look())
        {
            note($"{ended.Id} ended: {ended.State} {ended.Failure?.Message}");
        }

        _rival?.Look();
        if (_lasting.Count > 0)
        {
            foreach (var job in Unfinished())
            {
                if (!_states.TryGetValue(job.Id, out var state) || state != job.State)
                {
                    _states[job.Id] = job.State;
                    coverage.UnionWith(_lasting.Select(fault => (job.State, fault)));
                }
            }
        }
    }

    private void Ask(Life life)
    {
        var (callers, lane) = (_site.Callers, Lane.Id);
        var held = _site.Locks.FindNewest(lane);
        var token = held is null ? LanePass.None : LanePass.Of(held.Token.Hash);
        switch (_operation.Kind)
        {
            case OperationKind.Swap:
                callers.Swap(life, lane, Model, queue: false, LanePass.None);
                break;
            case OperationKind.SwapInTurn:
                callers.Swap(life, lane, Model, queue: true, _operation.Draw % 4 == 0 ? token : LanePass.None);
                break;
            case OperationKind.SwapWithToken:
                callers.Swap(life, lane, Model, queue: _operation.Draw % 2 == 0, token);
                break;
            case OperationKind.SwapByForce:
                callers.Swap(life, lane, Model, queue: _operation.Draw % 2 == 0, LanePass.Force());
                break;
            case OperationKind.Stop:
                callers.Stop(life, lane, _operation.Draw % 3 == 0 ? token : LanePass.None);
                break;
            case OperationKind.CancelRunning when life.View.Current.FindLane(lane)?.Swap is { } running:
                Meet(Fault.Cancel);
                callers.Cancel(life, running.Id);
                break;
            case OperationKind.CancelWaiting when life.View.Current.FindLane(lane)?.Queue is [.., var last]:
                Meet(Fault.Cancel);
                callers.Cancel(life, last.Id);
                break;
            case OperationKind.Reserve:
                callers.Reserve(life, lane, TimeSpan.FromSeconds(1 + (_operation.Draw % 60)));
                break;
            case OperationKind.Extend when held is not null:
                callers.Extend(life, held, TimeSpan.FromSeconds(1 + (_operation.Draw % 120)));
                break;
            case OperationKind.Release:
                callers.Release(life, lane, token);
                break;
            case OperationKind.ForceRelease:
                Meet(Fault.ForcedRelease);
                callers.Release(life, lane, LanePass.Force());
                break;
            case OperationKind.Kill:
                Meet(Fault.ApplianceKilled);
                _site.Kill();
                break;
            case OperationKind.Sleep:
                Sleep(life);
                break;
            case OperationKind.Rival:
                ActAsRival();
                break;
            case OperationKind.SecondInstance:
                _site.StartSecondInstance();
                break;
        }
    }

    private void Happen()
    {
        var definition = Lane;
        switch (_operation.Kind)
        {
            case OperationKind.MachinesAreWell:
                note("the machines are well");
                _lasting.RemoveWhere(fault => fault < Fault.CommandsLost);
                home.Change(_ => DemoFaults.None);
                break;
            case OperationKind.NetworkAndDiskAreWell:
                note("network and disk are well");
                _lasting.RemoveWhere(fault => fault >= Fault.CommandsLost);
                _site.RefuseWrites(false);
                SetLoss(0, 0);
                break;
            case OperationKind.HostOffline:
                Begin(Fault.HostOffline, faults => faults with { Offline = [Host] });
                break;
            case OperationKind.HostRestart:
                Meet(Fault.HostRestart);
                home.Do(async demo =>
                {
                    await demo.RestartAsync(Host);
                    return true;
                });
                break;
            case OperationKind.ServerCrash:
                Meet(Fault.ServerCrash);
                home.Do(demo => demo.KillServerAsync(definition.Id));
                break;
            case OperationKind.RemovedByHand:
                Meet(Fault.RemovedByHand);
                home.Do(demo => demo.KillContainerAsync(definition.Head, definition.Container));
                break;
            case OperationKind.StartedByHand:
                Meet(Fault.StartedByHand);
                _site.Commands.StartedByHand(definition.Id);
                _rival?.Commands.StartedByHand(definition.Id);
                home.Do(demo => demo.StartByHandAsync(definition.Id, Model, CancellationToken.None));
                break;
            case OperationKind.Wedged:
                Begin(Fault.Wedged, faults => faults with { Wedged = _operation.Draw % 2 == 0, WedgedAtStart = _operation.Draw % 2 == 1 });
                break;
            case OperationKind.StartsFail:
                Begin(Fault.StartsFail, faults => faults with
                {
                    StartFailure = _operation.Draw % 2 == 0 ? StartFailure.Crash : StartFailure.OutOfMemory,
                    StartFailureSpares = _operation.Draw % 3 == 0 ? [] : [DemoModels.Qwen36.Repo, DemoModels.Qwen3Small.Repo],
                });
                break;
            case OperationKind.DockerRefuses:
                Begin(Fault.DockerRefuses, faults => faults with { DockerRefuses = true });
                break;
            case OperationKind.MachineDiskFull:
                Begin(Fault.MachineDiskFull, faults => faults with { FullDisks = [Host] });
                break;
            case OperationKind.SlowMemory:
                Begin(Fault.SlowMemory, faults => faults with { MemoryReturnFactor = _operation.Draw % 2 == 0 ? 100 : 1000 });
                break;
            case OperationKind.SlowStarts:
                Begin(Fault.SlowStarts, faults => faults with { LoadFactor = 1 + (_operation.Draw % 40) });
                break;
            case OperationKind.CommandsLost:
                Last(Fault.CommandsLost);
                SetLoss(10 + (_operation.Draw % 60), null);
                break;
            case OperationKind.AnswersLost:
                Last(Fault.AnswersLost);
                SetLoss(null, 10 + (_operation.Draw % 60));
                break;
            case OperationKind.DiskRefuses:
                Last(Fault.DiskRefuses);
                _site.RefuseWrites(true);
                break;
            case OperationKind.ClockJump:
                Meet(Fault.ClockJump);
                pump.Clock.JumpWallClock(TimeSpan.FromSeconds((_operation.Draw % 8000) - 4000));
                break;
        }
    }

    // As a machine whose disk hangs, or a virtual one that was moved: longer than any reservation lasts, while others go on.
    private void Sleep(Life life)
    {
        Meet(Fault.ApplianceSleeps);
        life.Place.Sleep();
        if (_operation.Draw % 2 == 0)
        {
            ActAsRival();
        }

        pump.Run(TimeSpan.FromSeconds(1 + (_operation.Draw % 150)));
        note("the appliance goes on");
        _site.Wake();
    }

    private void ActAsRival()
    {
        if (_rival is null)
        {
            _rival = new Site(pump, home, random, Mistake.None, fail, line => note($"(rival) {line}"));
            _rival.Start(new TouchingWatcher(home, _rival.Commands));
            _rival.Commands.HadBadWays = _site.Commands.HadBadWays;
        }

        Meet(Fault.Rival);
        _rival.Callers.Swap(_rival.Life!, Lane.Id, Model, queue: true, LanePass.None);
    }

    private void SetLoss(int? way, int? back)
    {
        if (_site.Life is { } life)
        {
            life.Network.LostOnTheWay = way ?? life.Network.LostOnTheWay;
            life.Network.LostOnTheWayBack = back ?? life.Network.LostOnTheWayBack;
        }
    }

    private void Begin(Fault fault, Func<DemoFaults, DemoFaults> change)
    {
        Last(fault);
        home.Change(change);
    }

    /// <summary>A fault begins that lasts until something ends it.</summary>
    private void Last(Fault fault)
    {
        Meet(fault);
        _lasting.Add(fault);
    }

    private void Meet(Fault fault)
    {
        note(fault.ToString());
        _site.Commands.HadBadWays |= fault is Fault.HostOffline or Fault.HostRestart or Fault.CommandsLost or Fault.AnswersLost;
        _rival?.Commands.HadBadWays |= _site.Commands.HadBadWays;
        coverage.UnionWith(Unfinished().Select(job => (job.State, fault)));
    }

    private IEnumerable<SwapJob> Unfinished() =>
        _site.Life?.View.Current.Lanes.SelectMany(lane => lane.Swap is { } running ? lane.Queue.Prepend(running) : lane.Queue) ?? [];
}
