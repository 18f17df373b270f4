namespace Appliance.Gateway.Limits;

/// <summary>
/// A waiting line in which callers take turns: within one caller first come first served, between callers one each. So somebody with one question does not
/// wait behind a batch of five hundred. Every step takes constant time, except finding the longest queue. Not thread-safe.
/// </summary>
/// <typeparam name="T">What waits.</typeparam>
internal sealed class FairLine<T>
    where T : notnull
{
    private readonly Dictionary<string, LinkedList<T>> _queues = new(StringComparer.Ordinal);

    /// <summary>Callers who have something waiting, in the order in which they are served next.</summary>
    private readonly LinkedList<string> _round = [];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Adds to the end of its caller's queue.</summary>
    public Place Add(string caller, T item)
    {
        if (!_queues.TryGetValue(caller, out var queue))
        {
            _queues[caller] = queue = [];
            _round.AddLast(caller);
        }

        Count++;
        return new Place(caller, queue.AddLast(item));
    }

    /// <summary>Takes who is next.</summary>
    public bool TryTake(out T item)
    {
        if (_round.First is not { } next)
        {
            item = default!;
            return false;
        }

        var queue = _queues[next.Value];
        item = queue.First!.Value;
        queue.RemoveFirst();
        Count--;
        _round.RemoveFirst();
        if (queue.Count == 0)
        {
            _queues.Remove(next.Value);
        }
        else
        {
            _round.AddLast(next);
        }

        return true;
    }

    /// <summary>
    /// Takes the newest of the caller with the most waiting, if that caller would then still have at least as many as <paramref name="caller"/> with one more.
    /// This is how a full line makes room.
    /// </summary>
    public bool TryTakeFromLongest(string caller, out T item)
    {
        item = default!;
        if (Count == 0)
        {
            return false;
        }

        var (longest, queue) = _queues.MaxBy(entry => entry.Value.Count);
        var own = _queues.TryGetValue(caller, out var mine) ? mine.Count : 0;
        if (queue.Count - 1 < own + 1)
        {
            return false;
        }

        var last = queue.Last!;
        item = last.Value;
        Remove(new Place(longest, last));
        return true;
    }

    /// <summary>Takes something out wherever it stands; false when it is no longer there.</summary>
    public bool Remove(Place place)
    {
        if (place.Node.List is not { } queue)
        {
            return false;
        }

        queue.Remove(place.Node);
        Count--;
        if (queue.Count == 0)
        {
            _queues.Remove(place.Caller);
            _round.Remove(place.Caller);
        }

        return true;
    }

    /// <summary>Where something stands.</summary>
    public readonly record struct Place(string Caller, LinkedListNode<T> Node);
}
