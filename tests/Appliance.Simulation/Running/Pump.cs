using Appliance.TestKit.Time;

namespace Appliance.Simulation.Running;

/// <summary>
/// The one thread on which a simulated home lives. Whatever could run next is drawn at random from what is ready, so that every order that real threads could
/// take may come up, and the same seed gives the same order again. When nothing is ready, the clock moves to the next timer.
/// </summary>
internal sealed class Pump(Random random)
{
    private readonly List<(Place Place, Action Work)> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile Exception? _escape;

    /// <summary>The time of everything.</summary>
    public ManualClock Clock { get; } = new();

    /// <summary>Time since the beginning, whatever the wall clock says.</summary>
    public TimeSpan Now => Clock.GetElapsedTime(0);

    /// <summary>How much was done.</summary>
    public long Steps { get; private set; }

    /// <summary>Looked at after every step.</summary>
    public Action AfterStep { get; set; } = () => { };

    /// <summary>Makes something ready; from the pump's own thread only.</summary>
    public void Post(Place place, Action work)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _escape ??= new InvalidOperationException($"Something left the one thread, so a seed would not replay:\n{Environment.StackTrace}");
            return;
        }

        _ready.Add((place, work));
    }

    /// <summary>Forgets what a place still wanted to do, and returns it.</summary>
    public IEnumerable<Action> Forget(Place place)
    {
        var forgotten = _ready.Where(item => item.Place == place).Select(item => item.Work).ToArray();
        _ready.RemoveAll(item => item.Place == place);
        return forgotten;
    }

    /// <summary>Does at most so many steps, and lets at most so much time pass.</summary>
    public void Run(int steps, TimeSpan time)
    {
        var end = Now + time;
        while (steps > 0)
        {
            if (_ready.Count > 0)
            {
                Step();
                steps--;
            }
            else if (!Clock.AdvanceToNextTimer(end - Now))
            {
                Clock.Advance(end - Now);
                if (_ready.Count == 0)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Lets time pass, with everything that happens in it.</summary>
    public void Run(TimeSpan time) => Run(int.MaxValue, time);

    /// <summary>Runs until a condition holds; false when it does not within the time.</summary>
    public bool RunUntil(Func<bool> holds, TimeSpan time)
    {
        var end = Now + time;
        while (!holds())
        {
            var left = end - Now;
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            Run(1, left);
        }

        return true;
    }

    private void Step()
    {
        if (_escape is { } escape)
        {
            throw escape;
        }

        var next = random.Next(_ready.Count);
        var (place, work) = _ready[next];
        // Order within the list means nothing: the next one is drawn.
        _ready[next] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Steps++;
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(place.Context);
        try
        {
            work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        AfterStep();
    }
}
