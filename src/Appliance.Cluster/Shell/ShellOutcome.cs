namespace Appliance.Cluster.Shell;

/// <summary>
/// What became of a command. The cases differ in what may be assumed about the host afterwards: it ran; nothing happened, and why; we do not know.
/// </summary>
public abstract record ShellOutcome
{
    private ShellOutcome()
    {
    }

    /// <summary>Whether the command ran and exited with 0. Exit 0 is not success for every program (the launcher's <c>-d exec</c> says 0 when it failed).</summary>
    public bool IsOk => this is Completed { ExitCode: 0 };

    /// <summary>The command ran to its end on the host.</summary>
    /// <param name="ExitCode">The exit code, 0 to 254. (255 cannot be told from a lost connection, so it is <see cref="Unknown"/>.)</param>
    /// <param name="Output">Standard output, UTF-8, cut at the command's limit.</param>
    /// <param name="Errors">Standard error, likewise.</param>
    public sealed record Completed(int ExitCode, string Output, string Errors) : ShellOutcome
    {
        /// <summary>Whether output was cut at the limit.</summary>
        public bool IsTruncated { get; init; }
    }

    /// <summary>The host was not reached: nothing was run.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record NotStarted(HostFault Fault) : ShellOutcome;

    /// <summary>The host has seen a newer epoch in the command's scope, or the same one of another owner: nothing was run, and nothing of this epoch will be.</summary>
    /// <param name="NewestEpoch">The highest epoch that the host has seen.</param>
    public sealed record Refused(long NewestEpoch) : ShellOutcome;

    /// <summary>The connection was lost or the deadline passed: the command may have run, may be running, or may not. Look again before acting.</summary>
    /// <param name="Fault">What was seen last.</param>
    public sealed record Unknown(HostFault Fault) : ShellOutcome;

    /// <summary>The fault, for an outcome that is neither <see cref="Completed"/> nor <see cref="Refused"/>.</summary>
    public HostFault? Problem => this switch
    {
        NotStarted notStarted => notStarted.Fault,
        Unknown unknown => unknown.Fault,
        _ => null,
    };
}
