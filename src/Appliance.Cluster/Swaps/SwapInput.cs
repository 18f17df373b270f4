using Appliance.Cluster.Engines;

namespace Appliance.Cluster.Swaps;

/// <summary>What the machine hears: requests of people and results of effects.</summary>
internal abstract record SwapInput
{
    private SwapInput()
    {
    }

    /// <summary>It was waiting, and the wanted model runs already.</summary>
    public sealed record AlreadyThere : SwapInput;

    /// <summary>It waits, and the wanted model is shown as running: it is asked for a token; or (false) it gave none, and the job waits on.</summary>
    public sealed record Proving(bool Begins) : SwapInput;

    /// <summary>Every check passed. The job goes on under an epoch above the newest that its hosts have seen.</summary>
    public sealed record PreflightPassed(long NewestEpoch, string? Image = null) : SwapInput;

    /// <summary>A check failed; nothing was touched.</summary>
    public sealed record PreflightFailed(SwapFailure Failure) : SwapInput;

    /// <summary>Running answers finished; <paramref name="Cut"/> of them did not within the limit and were cut.</summary>
    public sealed record Drained(int Cut = 0) : SwapInput;

    /// <summary>The old server's log is kept, or could not be had in time.</summary>
    public sealed record LogKept : SwapInput;

    /// <summary>The stop commands were answered.</summary>
    public sealed record StopSent : SwapInput;

    /// <summary>Every host of the lane was seen without a server of ours. <paramref name="WasThere"/>: one may have been there before, so memory is to come back.</summary>
    public sealed record SeenGone(bool WasThere = true) : SwapInput;

    /// <summary>The memory is back; or not all of it, and it is tried nevertheless: then with a remark.</summary>
    public sealed record MemoryBack(string? Remark) : SwapInput;

    /// <summary>The memory did not come back: the model cannot start.</summary>
    public sealed record MemoryShort(SwapFailure Failure) : SwapInput;

    /// <summary>The old server could not be stopped, or not be seen gone in time.</summary>
    public sealed record NotGone(SwapFailure Failure) : SwapInput;

    /// <summary>The launch command was given and a server was seen, or may be there.</summary>
    public sealed record Launched : SwapInput;

    /// <summary>The start was followed a bit further.</summary>
    public sealed record Progressed(StartupProgress Progress) : SwapInput;

    /// <summary>The server wrote a line.</summary>
    public sealed record Wrote(string Line) : SwapInput;

    /// <summary>The server names the right model.</summary>
    public sealed record Named : SwapInput;

    /// <summary>The server produced a token, at a timestamp of the clock: it may be heard much later, when it could not be written down at first.</summary>
    public sealed record Generated(long At) : SwapInput;

    /// <summary>The server did not come up; the failure carries its log.</summary>
    public sealed record StartFailed(SwapFailure Failure) : SwapInput;

    /// <summary>A host refused a command of this job, because it has seen a newer epoch: whoever has that decides there now.</summary>
    public sealed record Superseded(SwapFailure Failure) : SwapInput;

    /// <summary>Somebody wants the previous model back.</summary>
    public sealed record CancelRequested(string By) : SwapInput;

    /// <summary>After a restart of the appliance: the job is taken up where it stood.</summary>
    public sealed record Resumed : SwapInput;
}
