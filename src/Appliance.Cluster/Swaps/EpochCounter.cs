namespace Appliance.Cluster.Swaps;

/// <summary>
/// The fencing number of the cluster: it grows with every job, every granted lock and every forced release, and never sinks. What was given out is durable
/// with the job or lock that got it, and the highest of them is raised to at the start. Used by the engine's loop only.
/// </summary>
internal sealed class EpochCounter
{
    /// <summary>The last number that was given.</summary>
    public long Last { get; private set; }

    /// <summary>A number that nobody had before.</summary>
    public long Next() => ++Last;

    /// <summary>Notes a number that is known to have been given.</summary>
    public void RaiseTo(long given) => Last = Math.Max(Last, given);
}
