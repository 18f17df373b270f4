using Appliance.Cluster.Shell;

namespace Appliance.Simulation.Machines;

/// <summary>What a planted mistake changes between the appliance and the machines; nothing by default.</summary>
internal sealed record Tampering
{
    /// <summary>What is sent in the place of a command.</summary>
    public Func<ShellCommand, ShellCommand> Say { get; init; } = command => command;

    /// <summary>What the appliance believes in the place of the truth.</summary>
    public Func<ShellCommand, ShellOutcome, ShellOutcome> Hear { get; init; } = (_, outcome) => outcome;
}
