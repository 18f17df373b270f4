namespace Appliance.Cluster.Swaps;

/// <summary>The limits of a swap's steps. All on the injected clock.</summary>
internal static class SwapTimes
{
    /// <summary>How often a host is asked whether the old server is gone.</summary>
    public static TimeSpan LookInterval { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A stop is given up after this long: <c>docker stop</c> itself kills after 10 s, removal is asynchronous.</summary>
    public static TimeSpan GoneDeadline { get; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How long the launch command is waited for at a stretch. It goes on afterwards and is asked for: launchers before 2026-02-26 end only with their server.
    /// </summary>
    public static TimeSpan LaunchPatience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>A launch ends by then: with Ray it waits up to 60 s for the other nodes (spark-vllm-docker.md 1.5, phase 6), mods come on top.</summary>
    public static TimeSpan LaunchDeadline { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the new server is asked who it is.</summary>
    public static TimeSpan IdentifyInterval { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the host is asked whether the new server's process still lives.</summary>
    public static TimeSpan PresenceInterval { get; } = TimeSpan.FromSeconds(3);

    /// <summary>A container without a server process is a crash only after this long: the process appears some seconds after the container.</summary>
    public static TimeSpan ProcessGrace { get; } = TimeSpan.FromSeconds(20);

    /// <summary>A start without any sign of life (log, progress) for this long has failed. Two-node loads are silent for minutes (F-14).</summary>
    public static TimeSpan SilenceDeadline { get; } = TimeSpan.FromMinutes(10);

    /// <summary>No start takes longer: 60 minutes were needed on a dual Spark (F-14).</summary>
    public static TimeSpan StartDeadline { get; } = TimeSpan.FromMinutes(75);

    /// <summary>The first token after identity: kernels may still be compiled then (spark-vllm-docker.md section 6).</summary>
    public static TimeSpan FirstTokenDeadline { get; } = TimeSpan.FromMinutes(5);

    /// <summary>A model that ends this soon after its first answer is a change that did not work (F-09).</summary>
    public static TimeSpan SettleTime { get; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After the appliance was off for longer, it is not said that a model ended soon after its first answer. By the wall clock, which may have been set
    /// meanwhile: what is watched otherwise counts only while the appliance runs.
    /// </summary>
    public static TimeSpan LongestOutage { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The pause between two failed first-token probes.</summary>
    public static TimeSpan ProbePause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a model that is shown as running is waited for when somebody wants it. As long as one question for a token may take; whoever asks is answered
    /// within this time and that of a look.
    /// </summary>
    public static TimeSpan ProofDeadline { get; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a token proves to the wishes that wait in line that the model runs: they are fulfilled in one go.</summary>
    public static TimeSpan ProofFreshness { get; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer that was cut may take to leave the gateway: it does within milliseconds.</summary>
    public static TimeSpan CutGrace { get; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the log of the old server may take to be read: nobody waits for it longer.</summary>
    public static TimeSpan KeepLogDeadline { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stopped server's memory may take to come back; it takes seconds on a Spark (spark-vllm-docker.md section 7).</summary>
    public static TimeSpan MemoryDeadline { get; } = TimeSpan.FromSeconds(45);

    /// <summary>The log lines kept of a failed launch: the root cause stands about 40 lines above the last traceback.</summary>
    public const int KeptLogLines = 250;
}
