using System.Runtime.CompilerServices;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// The updates of one job as they happen. Readers start anywhere and miss nothing that is still kept; a reader who asks for something older starts at the oldest
/// that is. Thread-safe.
/// </summary>
internal sealed class SwapFeed
{
    /// <summary>A verbose load writes some hundred lines; a flood must not fill the memory (F-43).</summary>
    private const int KeptUpdates = 4000;

    private readonly Lock _gate = new();
    private readonly Bell _changed = new();
    private readonly Queue<SwapUpdate> _updates = new();
    private long _last;
    private bool _ended;

    /// <summary>Whether the job has ended.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>Adds a change of the job; the feed ends with a terminal state.</summary>
    public void Add(SwapJob job, bool isStateChange)
    {
        lock (_gate)
        {
            _ended |= job.State.IsTerminal();
            Add_NeedsLock(new SwapUpdate.Changed(_last + 1, job, isStateChange));
        }
    }

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        lock (_gate)
        {
            Add_NeedsLock(new SwapUpdate.Line(_last + 1, line));
        }
    }

    /// <summary>Every line that is kept.</summary>
    public string[] Lines()
    {
        lock (_gate)
        {
            return [.. _updates.OfType<SwapUpdate.Line>().Select(line => line.Text)];
        }
    }

    /// <summary>The updates after a number, then those that follow, to the end of the job.</summary>
    public async IAsyncEnumerable<SwapUpdate> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            SwapUpdate[] ready;
            Task changed;
            bool ended;
            lock (_gate)
            {
                ready = [.. _updates.SkipWhile(update => update.Number <= after)];
                changed = _changed.Next;
                ended = _ended;
            }

            foreach (var update in ready)
            {
                after = update.Number;
                yield return update;
            }

            if (ended)
            {
                yield break;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Add_NeedsLock(SwapUpdate update)
    {
        _last = update.Number;
        _updates.Enqueue(update);
        if (_updates.Count > KeptUpdates)
        {
            _updates.Dequeue();
        }

        _changed.Ring();
    }
}
