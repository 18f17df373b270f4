namespace Appliance.Cluster.Swaps;

/// <summary>What the machine wants done. Runs detached; the result comes back as an input.</summary>
internal abstract record SwapEffect
{
    private SwapEffect()
    {
    }

    /// <summary>Check hosts and launcher, and read the hosts' epochs. Touches nothing. A stop has no target.</summary>
    public sealed record CheckFirst(SwapTarget? Target) : SwapEffect;

    /// <summary>Let running answers finish.</summary>
    public sealed record Drain : SwapEffect;

    /// <summary>Keep the log of the server that is about to be stopped.</summary>
    public sealed record KeepLog : SwapEffect;

    /// <summary>Stop whatever of ours runs on the lane and wait until it was seen gone. <paramref name="IsRepeat"/>: this
    /// job may have stopped something already, whose memory is still on its way back.</summary>
    public sealed record StopServers(bool IsRepeat = false) : SwapEffect;

    /// <summary>Wait until the memory for a model is free. As the last resort it is launched anyhow.</summary>
    public sealed record AwaitMemory(SwapTarget Target, bool IsLastResort) : SwapEffect;

    /// <summary>Give the launch command.</summary>
    public sealed record Launch(SwapTarget Target) : SwapEffect;

    /// <summary>Look whether a launch of unknown outcome left a server; never launches.</summary>
    public sealed record FindLaunched(SwapTarget Target) : SwapEffect;

    /// <summary>Follow the log and probe until a token was generated or the start failed.</summary>
    public sealed record AwaitServer(SwapTarget Target) : SwapEffect;

    /// <summary>Abandon the effect that runs. What it started on a host may go on; the next effect looks again.</summary>
    public sealed record Abandon : SwapEffect;
}
