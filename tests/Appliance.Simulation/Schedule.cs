using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Swaps;

namespace Appliance.Simulation;

/// <summary>
/// One random life of one lane: the real machine and the real stored form of its jobs, on simulated machines, with faults and kills at any step. Everything
/// follows from the seed, so a failure is replayed by its seed alone.
/// </summary>
internal sealed class Schedule(int seed, Mistake mistake)
{
    private static readonly SwapTarget[] Models =
        [.. new[] { "RedHatAI/Qwen3.6-35B-A3B-NVFP4", "google/gemma-4-26B-A4B-it", "openai/gpt-oss-120b" }.Select(Target)];

    private readonly Random _random = new(seed);
    private readonly World _world = new();
    private readonly List<string> _trace = [];
    private readonly Dictionary<SwapJobId, int> _launches = [];
    private readonly HashSet<SwapJobId> _ended = [];
    private readonly Queue<SwapEffect> _effects = new();
    private StoredSwap? _journal;
    private LaneSwap? _running;
    private ModelId? _lastGood = Models[0].Id;
    private bool _alive = true;
    private DateTimeOffset _now = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);

    /// <summary>Which faults met which states.</summary>
    public HashSet<(SwapState State, Fault Fault)> Coverage { get; } = [];

    /// <summary>Runs it; throws <see cref="InvariantException"/> with the trace when a rule is broken.</summary>
    public void Run()
    {
        _world.Start(Models[0].Id);
        var steps = _random.Next(20, 120);
        for (var step = 0; step < steps; step++)
        {
            Step();
        }

        Heal();
        for (var step = 0; step < 60 && _journal is { EndedAt: null }; step++)
        {
            Work();
        }

        Must(_journal is null or { EndedAt: not null }, "every accepted job ends when the faults stop");
        if (_journal is { } last && last.Kind == nameof(SwapKind.Swap) && _ended.Contains(SwapJobId.Parse(last.Id)))
        {
            Must(Enum.Parse<SwapState>(last.State) != SwapState.Queued, "an ended job has a terminal state");
        }
    }

    private void Step()
    {
        _now += TimeSpan.FromSeconds(_random.Next(1, 20));
        switch (_random.Next(20))
        {
            case 0:
                Meet(Fault.HostOffline);
                _world.Online[_random.Next(2)] = false;
                break;
            case 1 or 2:
                _world.Online[0] = _world.Online[1] = true;
                break;
            case 3:
                Meet(Fault.ServerCrash);
                _world.Crash();
                break;
            case 4:
                Meet(Fault.StoppedByHand);
                _world.StopByHand();
                break;
            case 5:
                Meet(Fault.ApplianceKilled);
                Kill();
                break;
            case 6 when _running is not null && _alive:
                Meet(Fault.Cancel);
                Decide(new SwapInput.CancelRequested("Alice"));
                break;
            case 7 or 8 when _alive && _running is null:
                Begin();
                break;
            default:
                Work();
                break;
        }
    }

    /// <summary>The appliance does the next thing: comes back, or carries out what the machine wanted.</summary>
    private void Work()
    {
        if (!_alive)
        {
            Restart();
        }
        else if (_effects.TryDequeue(out var effect))
        {
            CarryOut(effect);
        }
    }

    private void Begin()
    {
        var wanted = _random.Next(6) == 0 ? null : Models[_random.Next(Models.Length)];
        var previous = wanted is null || _world.Serving is null ? null : Models.FirstOrDefault(model => model.Id == _world.Serving);
        var job = new SwapJob
        {
            Id = SwapJobId.Parse($"job-{seed}-{_launches.Count}"),
            Lane = LaneId.Main,
            Kind = wanted is null ? SwapKind.Stop : SwapKind.Swap,
            Model = wanted?.Id,
            ModelName = wanted?.Name ?? "The model",
            State = SwapState.Queued,
            RequestedBy = "Bob",
            Epoch = _launches.Count + 1,
            StartedAt = _now,
            From = previous?.Id,
        };
        _launches[job.Id] = 0;
        _world.IsMemoryBack = true;
        Note($"begin {job.Id} {wanted?.Name ?? "stop"}");
        Take(SwapMachine.Begin(new LaneSwap { Job = job, Wanted = wanted, Previous = previous }, _now));
    }

    private void Decide(SwapInput input)
    {
        var before = _running!;
        var (next, effects) = Planted.Decide(mistake, before, input, _now);
        Note($"{input.GetType().Name} -> {next.Job.State}{(next.IsRollingBack ? " (rolling back)" : "")}");
        if (input is SwapInput.Generated && next.Job.State.IsTerminal())
        {
            Must(_world.Serving == before.Starting!.Id, "an answering model really runs");
        }

        Must(next.Job.State != SwapState.Live || next.Job.Kind == SwapKind.Stop || input is SwapInput.Generated, "live means that a token was generated");
        Take((next, effects));
    }

    private void Take((LaneSwap Next, System.Collections.Immutable.ImmutableArray<SwapEffect> Effects) decision)
    {
        _running = decision.Next;
        if (mistake != Mistake.JournalledTooLate)
        {
            _journal = StoredSwap.Of(decision.Next);
        }

        if (decision.Effects.Any(effect => effect is SwapEffect.Abandon))
        {
            // An abandoned launch command may still reach the machine.
            if (_effects.Any(effect => effect is SwapEffect.Launch) && _random.Next(2) == 0)
            {
                CarryOut(_effects.First(effect => effect is SwapEffect.Launch));
            }

            _effects.Clear();
        }

        foreach (var effect in decision.Effects.Where(effect => effect is not SwapEffect.Abandon))
        {
            _effects.Enqueue(effect);
        }

        if (decision.Next.Job is { State: var state } job && state.IsTerminal())
        {
            Must(_ended.Add(job.Id), "a job ends once");
            Must(state != SwapState.Live || job.Kind == SwapKind.Stop || _world.Serving == job.Model, "live agrees with the machine");
            Must(
                state is not SwapState.Failed || decision.Next.Previous is null || decision.Next.IsRollingBack || _launches[job.Id] == 0,
                "a failed start brings the previous model back");
            _lastGood = _world.Serving ?? _lastGood;
            _running = null;
            _journal = StoredSwap.Of(decision.Next);
        }
    }

    private void CarryOut(SwapEffect effect)
    {
        switch (effect)
        {
            case SwapEffect.CheckFirst:
                Decide(_world.Online[0] ? new SwapInput.PreflightPassed(0) : new SwapInput.PreflightFailed(Because("host_unreachable")));
                break;
            case SwapEffect.Drain:
                Decide(new SwapInput.Drained());
                break;
            case SwapEffect.KeepLog:
                Decide(new SwapInput.LogKept());
                break;
            case SwapEffect.StopServers stop:
                var wasThere = stop.IsRepeat || _world.IsOccupied;
                Decide(_world.StopAll() ? new SwapInput.SeenGone(wasThere) : new SwapInput.NotGone(Because("host_unreachable")));
                break;
            case SwapEffect.AwaitMemory { IsLastResort: false } when _random.Next(6) == 0:
                Decide(new SwapInput.MemoryShort(Because("memory_not_back")));
                break;
            case SwapEffect.AwaitMemory:
                _world.IsMemoryBack = true;
                Decide(new SwapInput.MemoryBack(null));
                break;
            case SwapEffect.Launch launch:
                Launch(launch.Target);
                break;
            case SwapEffect.FindLaunched:
                Decide(_world.HasContainer ? new SwapInput.Launched() : new SwapInput.StartFailed(Because("launch_lost")));
                break;
            case SwapEffect.AwaitServer server when _world.Serving == server.Target.Id && _running!.Job.State == SwapState.Probing:
                Decide(new SwapInput.Generated());
                break;
            case SwapEffect.AwaitServer server when _world.Serving == server.Target.Id && _random.Next(5) != 0:
                _effects.Enqueue(server);
                Decide(new SwapInput.Named());
                break;
            case SwapEffect.AwaitServer:
                Decide(new SwapInput.StartFailed(Because("crashed")));
                break;
        }
    }

    private void Launch(SwapTarget target)
    {
        var job = _running!.Job.Id;
        Must(_journal is { EndedAt: null } journal && journal.Id == job.Value && journal.State == nameof(SwapState.Launching), "the intent is journalled before a launch");
        if (!_world.Online[0])
        {
            Decide(new SwapInput.StartFailed(Because("host_unreachable")));
            return;
        }

        Must(_world.IsMemoryBack, "a model is launched only when the memory of the one before was waited for");
        Must(!_world.IsOccupied, "a model is launched only when nothing of ours runs");
        Must(++_launches[job] <= 2, "a job launches at most twice: the wanted model and the previous one");
        _world.Start(target.Id);
        if (_random.Next(4) == 0)
        {
            _world.Crash();
        }

        Decide(new SwapInput.Launched());
    }

    /// <summary>The process is gone: what it knew is lost; a launch command under way may or may not have reached the machine.</summary>
    private void Kill()
    {
        if (!_alive)
        {
            return;
        }

        if (_effects.TryPeek(out var effect) && effect is SwapEffect.Launch launch && _world is { Online: [true, _], IsOccupied: false } && _random.Next(2) == 0)
        {
            _launches[_running!.Job.Id]++;
            _world.Start(launch.Target.Id);
            Note("the launch reached the machine");
        }

        _alive = false;
        _running = null;
        _effects.Clear();
        Note("killed");
    }

    private void Restart()
    {
        _alive = true;
        Note("restarted");
        if (_journal is not { EndedAt: null } stored || mistake == Mistake.JobForgottenAfterRestart)
        {
            return;
        }

        var job = stored.ToJob();
        _running = new LaneSwap
        {
            Job = job,
            Wanted = Models.FirstOrDefault(model => model.Id == job.Model && job.Kind == SwapKind.Swap),
            Previous = Models.FirstOrDefault(model => model.Id.Value == stored.PreviousModel),
            IsRollingBack = stored.IsRollingBack != 0,
            IsCancelled = stored.IsCancelled != 0,
        };
        Decide(new SwapInput.Resumed());
    }

    private void Heal()
    {
        _world.Online[0] = _world.Online[1] = true;
        Note("healed");
    }

    private void Meet(Fault fault)
    {
        Note(fault.ToString());
        if (_running is { } running)
        {
            Coverage.Add((running.Job.State, fault));
        }
    }

    private void Must(bool holds, string rule)
    {
        if (!holds)
        {
            throw new InvariantException(seed, rule, _trace);
        }
    }

    private void Note(string line) => _trace.Add($"{_now:HH:mm:ss} {line}");

    private static SwapFailure Because(string code) => new(code, "Simulated.", null, []);

    private static SwapTarget Target(string repo)
    {
        var id = RepoId.Parse(repo);
        return new SwapTarget(id.Id, id.Name, new Recipe
        {
            Repo = id,
            Name = id.Name,
            ServedName = repo,
            Placement = RecipePlacement.Solo,
            Source = RecipeSource.Catalog,
            Capabilities = [Capability.Chat],
        });
    }
}
