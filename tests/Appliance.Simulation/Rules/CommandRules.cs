using Appliance.Cluster.Fit;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Demo.Machines;
using Appliance.Simulation.Machines;
using Appliance.Simulation.Running;

namespace Appliance.Simulation.Rules;

/// <summary>
/// What must hold for every command that one appliance sends (reliability.md 4.1): it has a job in the journal, an epoch, and machines that were looked at; and
/// nothing is launched beside something that runs.
/// </summary>
internal sealed class CommandRules(Home home, JournalView journal, Pump pump, Action<string> fail, Action<string> note) : IWatcher
{
    // The appliance acts after this even when a machine said nothing.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(2);

    private readonly HashSet<HostId> _lookedAt = [];
    private readonly HashSet<string> _logsRead = [];
    private readonly Dictionary<string, TimeSpan> _stoppedAt = [];
    private readonly Dictionary<string, int> _launches = [];
    private readonly Dictionary<LaneId, TimeSpan> _byHand = [];
    private TimeSpan _bornAt;

    /// <summary>Whether the way to a machine was ever broken.</summary>
    public bool HadBadWays { get; set; }

    /// <summary>A new life begins, which has seen nothing yet.</summary>
    public void Begin()
    {
        _lookedAt.Clear();
        _bornAt = pump.Now;
    }

    /// <summary>Somebody started something on a lane by hand.</summary>
    public void StartedByHand(LaneId lane) => _byHand[lane] = pump.Now;

    public void Sent(HostId host, ShellCommand command)
    {
        if (command.Words is ["docker", "logs", "--tail", _, var container] && home.Definition.Lanes.FirstOrDefault(lane => lane.Container == container) is { } read
            && journal.FindRunning(read.Id) is { } reader)
        {
            _logsRead.Add(reader.Id);
        }

        if (FindChanged(command) is not { } lane)
        {
            return;
        }

        var isLaunch = !IsStop(command);
        if (command.Fence is not { } fence)
        {
            fail("a command that changes a machine carries an epoch");
            return;
        }

        if (isLaunch && command.RunId is null)
        {
            fail("a launch has a name, so that the host runs it once");
        }

        if (journal.Find(fence.Owner) is not { } job)
        {
            fail("a command that changes a machine belongs to a job in the journal");
            return;
        }

        if (job.EndedAt is not null)
        {
            fail("a job that has ended changes nothing more");
        }

        if (job.Epoch != fence.Epoch)
        {
            fail($"a command carries the epoch of its job, {job.Epoch} and not {fence.Epoch}");
        }

        if (job.State != (isLaunch ? nameof(SwapState.Launching) : nameof(SwapState.Stopping)))
        {
            fail($"the intent is journalled before a change, and the journal says {job.State}");
        }

        if (!isLaunch && job.IsRollingBack == 0 && !_logsRead.Contains(job.Id))
        {
            fail("the log of a server is read before it is stopped");
        }

        if (pump.Now - _bornAt < FirstLook && home.Definition.Hosts.Any(one => !_lookedAt.Contains(one.Id)))
        {
            fail("after a start nothing is changed before every machine was looked at");
        }

        _ = lane;
    }

    public void Arrived(HostId host, ShellCommand command)
    {
        if (FindChanged(command) is not { } lane)
        {
            return;
        }

        var isRefused = IsRefused(host, command);
        note($"{host}: {(IsStop(command) ? "stop" : "launch")} {lane.Container} for {command.Fence?.Owner} with epoch {command.Fence?.Epoch}{(isRefused ? ", refused" : "")}");
        if (isRefused)
        {
            return;
        }

        var machine = home.GetHost(host);
        if (IsStop(command))
        {
            if (machine.Docker.Find(lane.Container) is not null && command.Fence is { } stop)
            {
                _stoppedAt[stop.Owner] = pump.Now;
            }

            return;
        }

        if (WasBegun(machine, command) || command.Fence is not { } fence || journal.Find(fence.Owner) is not { } job)
        {
            return;
        }

        var occupied = FindOccupied(lane, command);
        if (occupied.Length > 0 && !(_byHand.TryGetValue(lane.Id, out var byHand) && byHand >= pump.Now - TimeSpan.FromMinutes(3)))
        {
            fail($"a model is launched only when nothing of ours runs: {string.Join(", ", occupied)}");
        }

        if (job.IsRollingBack == 0 && _stoppedAt.TryGetValue(job.Id, out var stopped) && pump.Now - stopped < SwapTimes.MemoryDeadline && IsShortOfMemory(machine, command))
        {
            fail("a model is launched only when the memory of the one before is back");
        }

        var name = command.RunId?.Value ?? "";
        foreach (var (counted, most) in new[] { (job.Id, 2), ($"{job.Id} {name}", name.Length == 0 ? 2 : 1) })
        {
            _launches[counted] = _launches.GetValueOrDefault(counted) + 1;
            if (_launches[counted] > most)
            {
                fail("a job launches the wanted model once and the previous one once");
            }
        }
    }

    public void Answered(HostId host, ShellCommand command, ShellOutcome outcome)
    {
        if (command.Script is { Name: "host-facts" })
        {
            _lookedAt.Add(host);
        }
    }

    /// <summary>The lane that a command changes; null for one that only looks.</summary>
    private LaneDefinition? FindChanged(ShellCommand command)
    {
        var words = command.Words;
        var name = words.IndexOf("--name");
        return words.Contains("exec") && name >= 0 && command.Script is not { Name: "check-launch" }
            ? home.Definition.Lanes.First(lane => lane.Container == words[name + 1])
            : IsStop(command) ? home.Definition.Lanes.First(lane => lane.Container == words[2]) : null;
    }

    private static bool IsStop(ShellCommand command) => command.Words is ["docker", "stop", _];

    // What is left on a machine that is not needed hinders nobody; it is stopped as far as it can be reached.
    private string[] FindOccupied(LaneDefinition lane, ShellCommand launch) =>
    [
        .. home.Demo.Hosts.Where(host => host.Docker.Find(lane.Container) is not null && (!HadBadWays || host.Id == lane.Head || !launch.Words.Contains("--solo")))
            .Select(host => host.Name),
    ];

    private static bool IsShortOfMemory(SimulatedHost machine, ShellCommand launch)
    {
        var repo = RepoId.Parse(launch.Words[launch.Words.IndexOf("serve") + 1]);
        var needed = FitCheck.Claim(Template.Menu.First(card => card.Repo == repo).Recipe!, SimulatedHost.MemoryTotal);
        // A little less is tried: what a machine says is itself an estimate.
        return machine.MemoryAvailable.Bytes < needed.Bytes * 0.95 && machine.MemoryAvailable + machine.MemoryLingering >= needed;
    }

    private bool IsRefused(HostId host, ShellCommand command) =>
        command.Fence is { } fence && home.GetHost(host).Fence.IsBehind(fence);

    private static bool WasBegun(SimulatedHost machine, ShellCommand command) =>
        command.RunId is { } run && machine.Fence.Knows(run);
}
