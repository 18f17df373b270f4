namespace Appliance.Cluster.Shell;

/// <summary>What a host says about a command that was to run at most once.</summary>
public abstract record RunLook
{
    private RunLook()
    {
    }

    /// <summary>The host never began it. A command on its way may still begin it, at most once.</summary>
    public sealed record Never : RunLook;

    /// <summary>It runs.</summary>
    public sealed record Running : RunLook;

    /// <summary>It ran to its end.</summary>
    /// <param name="Outcome">Its exit code and its output.</param>
    public sealed record Ended(ShellOutcome.Completed Outcome) : RunLook;

    /// <summary>It was begun, does not run, and left no exit code: the host was restarted, or somebody ended it. What it did has to be looked at.</summary>
    public sealed record Lost : RunLook;

    /// <summary>The host could not be asked.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record NotKnown(HostFault Fault) : RunLook;
}
