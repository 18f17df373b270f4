using System.Runtime.InteropServices;

namespace Appliance.TestKit.Histories;

/// <summary>
/// Decides whether concurrent operations could have happened one after the other, each at one moment between its call and its return: the search of Wing and
/// Gong with the memo of Lowe. The problem is NP-complete, so histories are to be many and short.
/// </summary>
public sealed class LinearizabilityChecker<TState>
    where TState : notnull, IEquatable<TState>
{
    private const int MostNodes = 2_000_000;

    private readonly Operation<TState>[] _history;
    private readonly HashSet<(string Done, TState State)> _seen = [];
    private readonly List<int> _path = [];
    private readonly ulong[] _done;
    private int[] _best = [];
    private int _mandatoryLeft;

    private LinearizabilityChecker(IEnumerable<Operation<TState>> history)
    {
        _history = [.. history.OrderBy(operation => operation.Call)];
        _done = new ulong[(_history.Length + 63) / 64];
        _mandatoryLeft = _history.Count(operation => !operation.IsUnknown);
    }

#pragma warning disable CA1000 // The state's type follows from the arguments only here, where both are named together.
    /// <summary>Null for a history that could have happened, else how far an order can be found and what fits nowhere after it.</summary>
    public static string? FindFault(TState initial, IEnumerable<Operation<TState>> history)
    {
        var checker = new LinearizabilityChecker<TState>(history);
        return checker.Search(initial, long.MinValue) ? null : checker.Describe();
    }
#pragma warning restore CA1000

    private bool Search(TState state, long latestCall)
    {
        if (_mandatoryLeft == 0)
        {
            return true;
        }

        if (!_seen.Add((Convert.ToHexString(MemoryMarshal.AsBytes(_done.AsSpan())), state)))
        {
            return false;
        }

        if (_seen.Count > MostNodes)
        {
            throw new InvalidOperationException($"Undecided after {MostNodes} states: the history of {_history.Length} operations is too long.");
        }

        if (_path.Count > _best.Length)
        {
            _best = [.. _path];
        }

        // What was answered before something else was called comes before it. What was answered first is the likeliest to have come first.
        var firstReturn = Undone().Where(i => !_history[i].IsUnknown).Min(i => _history[i].Return);
        var candidates = Undone().Where(i => _history[i].Call <= firstReturn && _history[i].Return >= latestCall)
            .OrderBy(i => _history[i].IsUnknown).ThenBy(i => _history[i].Return).ToArray();

        // An observation that fits now and tells nothing new may as well be made now, unless that would leave an unknown operation no moment to have come first.
        // Not so an operation that changes nothing only in this state: it may be the one that changed something later.
        foreach (var i in candidates)
        {
            if (_history[i].IsObservation && Changes(i, state) is [var same] && same.Equals(state)
                && !candidates.Any(other => _history[other].IsUnknown && _history[other].Return < _history[i].Call))
            {
                return Take(i, state, latestCall);
            }
        }

        foreach (var i in candidates)
        {
            foreach (var next in Changes(i, state))
            {
                if (Take(i, next, latestCall))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool Take(int index, TState next, long latestCall)
    {
        var operation = _history[index];
        _done[index / 64] |= 1UL << (index % 64);
        _path.Add(index);
        _mandatoryLeft -= operation.IsUnknown ? 0 : 1;
        if (Search(next, Math.Max(latestCall, operation.Call)))
        {
            return true;
        }

        _mandatoryLeft += operation.IsUnknown ? 0 : 1;
        _path.RemoveAt(_path.Count - 1);
        _done[index / 64] &= ~(1UL << (index % 64));
        return false;
    }

    private TState[] Changes(int index, TState state) => [.. _history[index].Apply(state)];

    private IEnumerable<int> Undone() => Enumerable.Range(0, _history.Length).Where(i => (_done[i / 64] & (1UL << (i % 64))) == 0);

    private string Describe()
    {
        var done = _best.Select(i => $"   {_history[i].Text}");
        var rest = Enumerable.Range(0, _history.Length).Except(_best).Select(i => $"?? {_history[i].Text}");
        return $"{_best.Length} of {_history.Length} operations can be put into an order:\n{string.Join('\n', done)}\nand then none of these fits:\n{string.Join('\n', rest)}";
    }
}
