using System.Collections.Concurrent;
using Appliance.Cluster.Swaps;
using Appliance.Simulation.Mistakes;

namespace Appliance.Simulation;

/// <summary>Many lives, two at a time, until one breaks a rule.</summary>
internal sealed class Campaign(int first, int count, Mistake mistake = Mistake.None)
{
    private static readonly (SwapState State, Fault Fault)[] All =
        [.. from state in Enum.GetValues<SwapState>() where !state.IsTerminal() from fault in Enum.GetValues<Fault>() select (state, fault)];

    private readonly ConcurrentDictionary<(SwapState State, Fault Fault), byte> _met = [];
    private readonly ConcurrentBag<InvariantException> _broken = [];
    private int _done;

    /// <summary>How many lives have been lived.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>The first life that broke a rule, with as little as possible around it; null when none did.</summary>
    public InvariantException? Broken { get; private set; }

    /// <summary>How many of the pairs of a job's state and a fault were met, 0 to 1.</summary>
    public double Covered => _met.Count / (double)All.Length;

    /// <summary>What was met and what was not, in words.</summary>
    public string Coverage => $"{Done} lives met {_met.Count} of {All.Length} pairs of state and fault ({Covered:P1}). Not met: {string.Join(", ", All.Where(pair => !_met.ContainsKey(pair)))}";

    /// <summary>Lives them.</summary>
    public void Run()
    {
        var last = (int)Math.Min(int.MaxValue, (long)first + count);
        Parallel.For(first, last, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount) }, (seed, loop) =>
        {
            using var schedule = new Schedule(seed, mistake);
            try
            {
                schedule.Run();
            }
            catch (InvariantException broken)
            {
                _broken.Add(broken);
                loop.Stop();
            }

            foreach (var pair in schedule.Coverage)
            {
                _met.TryAdd(pair, 0);
            }

            Interlocked.Increment(ref _done);
        });

        if (_broken.MinBy(broken => broken.Seed) is { } found)
        {
            Broken = mistake == Mistake.None ? Shrinker.Shrink(found.Seed, mistake, found) : found;
        }
    }
}
