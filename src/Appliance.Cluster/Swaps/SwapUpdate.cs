namespace Appliance.Cluster.Swaps;

/// <summary>One entry in the stream of a job, numbered so that a reader can resume after it.</summary>
/// <param name="Number">Grows by one per entry of the job, from 1.</param>
public abstract record SwapUpdate(long Number)
{
    /// <summary>The job changed its state, a step or its progress.</summary>
    /// <param name="Number">The number.</param>
    /// <param name="Job">The job after the change.</param>
    /// <param name="IsStateChange">Whether <see cref="SwapJob.State"/> changed; otherwise it is progress only.</param>
    public sealed record Changed(long Number, SwapJob Job, bool IsStateChange) : SwapUpdate(Number);

    /// <summary>The server wrote a line.</summary>
    /// <param name="Number">The number.</param>
    /// <param name="Text">The line, control characters removed, at most 8 KiB.</param>
    public sealed record Line(long Number, string Text) : SwapUpdate(Number);
}
