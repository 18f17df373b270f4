namespace Appliance.Cluster.Swaps;

/// <summary>When something that failed is tried again: after 1 s, then twice as long each time, 30 s at most. Used by the engine's loop only.</summary>
internal sealed class RetryPause(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _pause = TimeSpan.Zero;
    private long _failedAt;

    /// <summary>Whether it may be tried now.</summary>
    public bool IsOver => time.GetElapsedTime(_failedAt) >= _pause;

    /// <summary>It failed (again).</summary>
    public void Lengthen()
    {
        _failedAt = time.GetTimestamp();
        _pause = _pause == TimeSpan.Zero ? Shortest : _pause * 2 < Longest ? _pause * 2 : Longest;
    }
}
