namespace Appliance.Cluster.Swaps;

/// <summary>What became of a wish to undo a job.</summary>
public abstract record CancelOutcome
{
    private CancelOutcome()
    {
    }

    /// <summary>It is being undone; the job says how far.</summary>
    /// <param name="Job">The job.</param>
    public sealed record Cancelling(SwapJob Job) : CancelOutcome;

    /// <summary>It has ended and stays as it is.</summary>
    /// <param name="Job">The job.</param>
    public sealed record AlreadyEnded(SwapJob Job) : CancelOutcome;

    /// <summary>No such job.</summary>
    public sealed record UnknownJob : CancelOutcome;

    /// <summary>The lane is reserved for somebody else, and the caller did not show its token.</summary>
    /// <param name="Why">The refusal.</param>
    public sealed record Refused(SwapOutcome Why) : CancelOutcome;
}
