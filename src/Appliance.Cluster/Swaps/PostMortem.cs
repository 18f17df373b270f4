using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Swaps;

/// <summary>Reads the last lines of a server that ended or failed, and the cause in them. Thread-safe.</summary>
internal sealed class PostMortem(IHostShell shell, EngineSet engines)
{
    /// <summary>The lines, cleaned, at most 250, or <paramref name="known"/> when the server's log cannot be had; and the cause, or null.</summary>
    public async Task<(ImmutableArray<string> Lines, Diagnosis? Cause)> ReadAsync(
        LaneDefinition lane, ImmutableArray<string> known, CancellationToken cancellationToken)
    {
        var engine = engines.For(lane);
        var tail = engine.TailLog(lane, SwapTimes.KeptLogLines) with { Deadline = SwapTimes.KeepLogDeadline };
        var lines = await shell.RunAsync(lane.Head, tail, cancellationToken) is ShellOutcome.Completed { ExitCode: 0 } completed && completed.Output.Length + completed.Errors.Length > 0
            ? SafeLine.LastOf(completed)
            : known;
        return (lines, engine.Diagnose(lines));
    }
}
