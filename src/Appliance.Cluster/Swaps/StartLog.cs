using System.Collections.Immutable;
using Appliance.Cluster.Engines;

namespace Appliance.Cluster.Swaps;

/// <summary>The log of one start as it arrives: cleaned, kept within bounds, and read for progress. Takes lines from one thread at a time.</summary>
internal sealed class StartLog(IStartupLogReader reader, Action<SwapInput> report, TimeProvider time)
{
    private readonly Queue<string> _kept = new();
    private readonly Queue<string> _seenBefore = new();
    private readonly Lock _gate = new();
    private long _lastSignOfLife = time.GetTimestamp();

    /// <summary>When a line last came, as a timestamp of the clock.</summary>
    public long LastSignOfLife => Volatile.Read(ref _lastSignOfLife);

    /// <summary>The newest lines, oldest first.</summary>
    public ImmutableArray<string> Kept
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    /// <summary>Takes a raw line.</summary>
    public void Take(string raw)
    {
        var line = SafeLine.Clean(raw);
        lock (_gate)
        {
            if (_seenBefore.TryPeek(out var expected) && expected == line)
            {
                _seenBefore.Dequeue();
                return;
            }

            _seenBefore.Clear();
            _kept.Enqueue(line);
            if (_kept.Count > SwapTimes.KeptLogLines)
            {
                _kept.Dequeue();
            }
        }

        Volatile.Write(ref _lastSignOfLife, time.GetTimestamp());
        report(new SwapInput.Wrote(line));
        if (reader.Read(raw))
        {
            report(new SwapInput.Progressed(reader.Progress));
        }
    }

    /// <summary>The next lines may repeat what is kept: they are dropped as long as they do.</summary>
    public void Reconnect()
    {
        lock (_gate)
        {
            _seenBefore.Clear();
            foreach (var line in _kept)
            {
                _seenBefore.Enqueue(line);
            }
        }
    }
}
