using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Appliance.Simulation.Machines;
using Appliance.Simulation.Running;

namespace Appliance.Simulation.Rules;

/// <summary>What must hold for everything that readers are shown, after every step.</summary>
internal sealed class ViewRules(Home home, Pump pump, Action<string> fail)
{
    // How long "it serves" holds after a token (LaneVerdict.ObservationPeriod), and the time until it is looked at again.
    private static readonly TimeSpan Observed = TimeSpan.FromSeconds(150 + 20);

    // What somebody did to the machines needs so long until it shows.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);

    private readonly Dictionary<SwapJobId, long> _accepted = [];
    private readonly HashSet<SwapJobId> _waited = [];
    private readonly HashSet<SwapJobId> _begun = [];
    private readonly HashSet<SwapJobId> _ended = [];
    private ClusterSnapshot? _last;

    /// <summary>A new life shows its own numbers.</summary>
    public void Begin() => _last = null;

    /// <summary>Somebody looks; the jobs that have ended since.</summary>
    public IEnumerable<SwapJob> Look(ClusterSnapshot snapshot)
    {
        if (ReferenceEquals(snapshot, _last))
        {
            return [];
        }

        if (_last is { } before && snapshot.Generation <= before.Generation)
        {
            fail("the generation never sinks within one life");
        }

        _last = snapshot;
        List<SwapJob>? ended = null;
        foreach (var lane in snapshot.Lanes)
        {
            LookAtOrder(lane);
            if (lane.LastSwap is { } last && _ended.Add(last.Id))
            {
                (ended ??= []).Add(last);
                if (pump.Now - home.TouchedAt > Settling)
                {
                    Ended(last);
                }
            }
        }

        return ended ?? [];
    }

    /// <summary>"X serves" is shown only when X gave a token lately.</summary>
    public void LookAtServing(ClusterSnapshot snapshot)
    {
        foreach (var lane in snapshot.Lanes)
        {
            if (lane.Serving is { } serving && home.FindPort(lane.Definition.Id) is { } port
                && !(pump.Now - port.FindLastToken(serving.ServedName) <= Observed))
            {
                fail($"what serves is shown only when it gave a token lately: {serving.ServedName} is shown at {pump.Now}, and gave one at {port.FindLastToken(serving.ServedName)}");
            }
        }
    }

    /// <summary>When all is quiet, what is shown is what is.</summary>
    public void LookAtTruth(ClusterSnapshot snapshot)
    {
        foreach (var lane in snapshot.Lanes)
        {
            var real = home.IsWell(lane.Definition) ? home.FindServing(lane.Definition.Id)?.Id : null;
            if (real != lane.Serving?.Id)
            {
                fail($"at rest what is shown is what runs: {lane.Definition.Id} serves {real?.Value ?? "nothing"}, and {lane.Serving?.Name ?? "nothing"} is shown");
            }
        }
    }

    /// <summary>First in, first out; wishes that the running model fulfils are served between, and begin nothing.</summary>
    private void LookAtOrder(LaneSnapshot lane)
    {
        for (var place = 0; place < lane.Queue.Length; place++)
        {
            var job = lane.Queue[place];
            _accepted.TryAdd(job.Id, job.Epoch);
            _waited.Add(job.Id);
            if (job.Position != place + 1)
            {
                fail($"who waits is told the place, {place + 1} and not {job.Position}");
            }
        }

        if (lane.Swap is not { } running || !_begun.Add(running.Id))
        {
            return;
        }

        var mine = _accepted.TryGetValue(running.Id, out var epoch) ? epoch : long.MaxValue;
        if (lane.Queue.Any(waiting => _accepted[waiting.Id] < mine))
        {
            fail("first in, first out");
        }

        _accepted.TryAdd(running.Id, running.Epoch);
    }

    private void Ended(SwapJob job)
    {
        var lane = home.Definition.FindLane(job.Lane)!;
        if (job is { State: SwapState.Live, Kind: SwapKind.Swap } && (home.FindServing(job.Lane)?.Id != job.Model || !home.IsWell(lane)))
        {
            fail($"live means that the model answers, and {job.ModelName} does not");
        }

        if (job is { State: SwapState.Live, Kind: SwapKind.Stop } && home.HasContainer(lane))
        {
            fail("stopped means that nothing runs");
        }

        if (job.RolledBackTo is { } restored && (home.FindServing(job.Lane)?.Id != restored || !home.IsWell(lane)))
        {
            fail($"rolled back means that the previous model answers, and {restored} does not");
        }

        if (job is { State: SwapState.Failed, Kind: SwapKind.Swap, From: not null, Failure: { Code: not "taken_over" } failure }
            && job.Steps.Any(step => step is { Kind: SwapStepKind.Load, StartedAt: not null }) && job.Steps.All(step => step.Kind != SwapStepKind.RollBack))
        {
            fail($"a failed start brings the previous model back; nobody tried after: {failure.Message}");
        }

        if (job is { State: SwapState.Cancelled, From: { } from } && job.Steps.Any(step => step is { Kind: SwapStepKind.Stop, StartedAt: not null })
            && job.Steps.All(step => step.Kind != SwapStepKind.RollBack))
        {
            fail($"a cancelled change brings {from} back");
        }
    }
}
