namespace Appliance.Cluster.Health;

/// <summary>What docker says of a container (<c>.State</c> of <c>docker inspect</c>). Parts that are missing are null.</summary>
internal sealed record ContainerState
{
    /// <summary>Docker's word: created, running, paused, restarting, removing, exited, dead.</summary>
    public required string Status { get; init; }

    /// <summary>The exit code of its last run; 0 while it runs.</summary>
    public int ExitCode { get; init; }

    /// <summary>Whether its own memory limit killed it. A kill by the whole machine's lack of memory is not told (exit code 137 only).</summary>
    public bool IsOutOfMemory { get; init; }

    /// <summary>Docker's own complaint, one line; null without one.</summary>
    public string? Error { get; init; }

    /// <summary>When its last run began, by the host's clock.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its last run ended; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How often docker restarted it; null when docker was not asked that.</summary>
    public int? RestartCount { get; init; }

    /// <summary>The word of the image's own health check: starting, healthy, unhealthy; null without one.</summary>
    public string? Health { get; init; }

    /// <summary>Whether its program runs.</summary>
    public bool Runs => Status == "running";

    /// <summary>
    /// Whether it ended by itself. 0 is an end on purpose, 130 and 143 are the signals of a polite stop. 137 is a kill: what <c>docker stop</c> does after its
    /// patience, and what the machine does when memory ran out. Nobody can tell those apart, so it is not called a crash unless docker says "out of memory".
    /// </summary>
    public bool IsCrash => Status switch
    {
        "restarting" or "dead" => true,
        "exited" => IsOutOfMemory || ExitCode is not (0 or 130 or 137 or 143),
        _ => false,
    };
}
