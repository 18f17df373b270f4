using System.Globalization;
using System.Security.Cryptography;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Hosts.Ssh;

namespace Appliance.Hosts.Fence;

/// <summary>
/// The product's shell for real hosts: SSH, with epochs and run-once commands added. Such a command is handed to <c>fence.sh</c> on the host, and its answer
/// read; other commands pass through.
/// </summary>
/// <param name="inner">The shell that reaches the hosts.</param>
/// <param name="topology">For the names that people see.</param>
/// <param name="patience">How long a fenced command waits for the one before it in its scope before that is ended.</param>
internal sealed class FencedShell(SshHostShell inner, ITopology topology, TimeSpan patience) : IHostShell
{
    /// <summary>The usual patience: longer than <c>docker stop</c> needs (10 s and a kill).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // The answer's first line.
    private const int AnswerRoom = 512;

    private static readonly RemoteScript Script = RemoteScript.Load(typeof(FencedShell), "fence");

    public async Task<ShellOutcome> RunAsync(HostId host, ShellCommand command, CancellationToken cancellationToken)
    {
        if (command is { Fence: null, RunId: null })
        {
            return await inner.RunAsync(host, command, cancellationToken);
        }

        var outcome = await inner.RunAsync(host, Wrap(command), cancellationToken);
        return outcome is ShellOutcome.Completed completed ? FenceAnswer.Read(completed, command.OutputLimit).ToOutcome(NameOf(host)) : outcome;
    }

    public async Task<ShellOutcome> FollowAsync(HostId host, ShellCommand command, Action<string> onLine, CancellationToken cancellationToken)
    {
        if (command is { Fence: null, RunId: null })
        {
            return await inner.FollowAsync(host, command, onLine, cancellationToken);
        }

        var outcome = await RunAsync(host, command, cancellationToken);
        if (outcome is not ShellOutcome.Completed completed)
        {
            return outcome;
        }

        foreach (var line in $"{completed.Output}\n{completed.Errors}".Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            onLine(line);
        }

        return new ShellOutcome.Completed(completed.ExitCode, "", "");
    }

    public async Task<RunLook> LookAtRunAsync(HostId host, RunId run, CancellationToken cancellationToken)
    {
        var limit = ShellCommand.Of("look").OutputLimit;
        var command = ShellCommand.Of(Script with { Name = "fence look" }, "look", run.Value, Number(limit)) with { OutputLimit = limit + AnswerRoom };
        return await inner.RunAsync(host, command, cancellationToken) switch
        {
            ShellOutcome.Completed completed => FenceAnswer.Read(completed, limit).ToLook(NameOf(host)),
            var other => new RunLook.NotKnown(other.Problem!),
        };
    }

    public async Task<EpochLook> ReadEpochAsync(HostId host, string scope, CancellationToken cancellationToken)
    {
        if (!Cluster.Shell.Fence.IsScope(scope))
        {
            throw new ArgumentException($"'{scope}' cannot be the scope of a fence.", nameof(scope));
        }

        return await inner.RunAsync(host, ShellCommand.Of(Script with { Name = "fence epoch" }, "epoch", scope), cancellationToken) switch
        {
            ShellOutcome.Completed completed => FenceAnswer.Read(completed, AnswerRoom).ToEpoch(NameOf(host)),
            var other => new EpochLook.NotKnown(other.Problem!),
        };
    }

    private ShellCommand Wrap(ShellCommand command)
    {
        // Without an id of its own a fenced command is a run that nobody finds again; what it leaves is removed as soon as it has been told.
        var run = command.RunId?.Value ?? $"once-{RandomNumberGenerator.GetHexString(24, lowercase: true)}";
        var fence = command.Fence;
        return ShellCommand.Of(
            Script with { Name = $"fence run {RemoteProgram.NameOf(command)}" },
            "run",
            fence?.Scope ?? "-",
            Number(fence?.Epoch ?? 0),
            fence is null or { Owner: "" } ? "-" : fence.Owner,
            run,
            command.RunId is null ? "no" : "yes",
            // The script waits in steps of a fifth of a second.
            Number((long)(patience.TotalSeconds * 5)),
            Number(command.OutputLimit),
            RemoteProgram.TextOf(command)) with
        {
            Deadline = command.Deadline,
            OutputLimit = command.OutputLimit + AnswerRoom,
        };
    }

    private string NameOf(HostId host) => topology.Current.FindHost(host)?.Name ?? host.Value;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
