using Appliance.Cluster.Swaps;
using Appliance.Simulation.Machines;
using Appliance.Simulation.Mistakes;
using Appliance.Simulation.Plans;
using Appliance.Simulation.Running;

namespace Appliance.Simulation;

/// <summary>
/// One random life of a home: the real engine with its loops, journal and file, on simulated machines, network and time. Everything follows from the seed, so a
/// failure is replayed by its seed alone; <paramref name="skipped"/> leaves operations out, to find the few that matter.
/// </summary>
internal sealed class Schedule(int seed, Mistake mistake, IReadOnlySet<int>? skipped = null) : IDisposable
{
    // Faults stop, and everything is at rest within ten minutes (I-16).
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(12);

    // What a watch has seen wrong it looks at again within this time; a server that was stuck keeps it waiting for a while. Most lives do not wait so long:
    // the rest is what takes time.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(26);
    private static readonly TimeSpan RestAfterStuck = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan NoRest = TimeSpan.FromSeconds(2);
    private const int LivesPerRest = 5;

    private readonly Operation[] _plan = Operation.Plan(new Random(seed));
    private readonly Random _random = new(~seed);
    private readonly List<string> _trace = [];
    private InvariantException? _broken;
    private Pump _pump = null!;
    private Stage? _stage;

    /// <summary>Which faults met which states of a job.</summary>
    public HashSet<(SwapState State, Fault Fault)> Coverage { get; } = [];

    /// <summary>What happened, line by line.</summary>
    public IReadOnlyList<string> Trace => _trace;

    /// <summary>How many operations the life of a seed has.</summary>
    public static int CountOperations(int seed) => Operation.Plan(new Random(seed)).Length;

    /// <summary>Lives it; the rule that was broken, or null.</summary>
    public static InvariantException? FindBroken(int seed, Mistake mistake, IReadOnlySet<int>? skipped = null)
    {
        using var schedule = new Schedule(seed, mistake, skipped);
        try
        {
            schedule.Run();
            return null;
        }
        catch (InvariantException broken)
        {
            return broken;
        }
    }

    /// <summary>Lives it; throws <see cref="InvariantException"/> with the trace when a rule is broken.</summary>
    public void Run()
    {
        _ = Template.Menu;
        _pump = new Pump(_random);
        _stage = new Stage(_pump, new Home(_pump), _random, mistake, Fail, Note, Coverage);
        _pump.AfterStep = Look;
        _stage.Start();
        _pump.Run(TimeSpan.FromSeconds(4));
        for (var number = 0; number < _plan.Length; number++)
        {
            if (skipped?.Contains(number) != true)
            {
                _stage.Act(_plan[number]);
            }

            _pump.Run(_plan[number].Steps, _plan[number].Pause);
        }

        Settle();
    }

    public void Dispose() => _stage?.Dispose();

    /// <summary>The faults end, and everything comes to rest.</summary>
    private void Settle()
    {
        _stage!.EndFaults();
        var (begin, busy) = (_pump.Now, _pump.Now);
        var isRest = seed % LivesPerRest == 0;
        var rest = !isRest ? NoRest : _plan.Any(operation => operation.Kind == OperationKind.Wedged) ? RestAfterStuck : Rest;
        while (_pump.Now - begin < Longest && _pump.Now - busy < rest)
        {
            _pump.Run(NoRest);
            busy = _stage.HasEnded ? busy : _pump.Now;
        }

        _stage.CheckAtRest(isRest);
        Note($"at rest after {_pump.Steps} steps");
        ThrowIfBroken();
    }

    private void Look()
    {
        _stage!.Look();
        ThrowIfBroken();
    }

    // Not thrown where it is noticed: there it could be caught by what is tested.
    private void Fail(string rule) => _broken ??= new InvariantException(seed, rule, _trace);

    private void ThrowIfBroken()
    {
        if (_broken is { } broken)
        {
            throw broken;
        }
    }

    private void Note(string line) => _trace.Add($"{_pump.Clock.GetUtcNow():HH:mm:ss.fff} {line}");
}
