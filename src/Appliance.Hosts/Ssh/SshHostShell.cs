using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Hosts.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Hosts.Ssh;

/// <summary>Runs commands on the defined hosts with the OpenSSH client. Knows nothing of fences and runs: <see cref="Fence.FencedShell"/> does.</summary>
internal sealed partial class SshHostShell(SshConnections connections, IOptionsMonitor<SshOptions> options, SshRuntime runtime, TimeProvider time, ILogger<SshHostShell> logger)
{
    /// <summary>ssh's own exit code when it failed; a remote command's 255 looks the same (reliability.md 0, point 1).</summary>
    private const int Failed = 255;

    /// <summary>As <see cref="IHostShell.RunAsync"/>.</summary>
    public Task<ShellOutcome> RunAsync(HostId host, ShellCommand command, CancellationToken cancellationToken)
    {
        var (output, errors) = (new OutputBuffer(command.OutputLimit), new OutputBuffer(command.OutputLimit));
        return ExecuteAsync(host, command, output, errors, Complete, cancellationToken);

        ShellOutcome.Completed Complete(int exitCode) =>
            new(exitCode, output.ReadText(), errors.ReadText()) { IsTruncated = output.IsTruncated || errors.IsTruncated };
    }

    /// <summary>As <see cref="IHostShell.FollowAsync"/>.</summary>
    public Task<ShellOutcome> FollowAsync(HostId host, ShellCommand command, Action<string> onLine, CancellationToken cancellationToken)
    {
        var turn = new Lock();
        return ExecuteAsync(
            host,
            command,
            new LineSplitter(onLine, turn),
            new LineSplitter(onLine, turn),
            exitCode => new ShellOutcome.Completed(exitCode, "", ""),
            cancellationToken);
    }

    private async Task<ShellOutcome> ExecuteAsync(
        HostId host, ShellCommand command, OutputSink output, OutputSink errors, Func<int, ShellOutcome.Completed> complete, CancellationToken cancellationToken)
    {
        var program = RemoteProgram.Create(command);
        cancellationToken.ThrowIfCancellationRequested();
        var (connection, fault) = await connections.FindAsync(host, cancellationToken);
        if (connection is null)
        {
            return new ShellOutcome.NotStarted(fault!);
        }

        var current = options.CurrentValue;
        using var place = await connection.Gate.TryEnterAsync(current.SessionWait, cancellationToken);
        if (place is null)
        {
            return new ShellOutcome.NotStarted(SshFaults.Overloaded(connection.Endpoint));
        }

        if (await connection.EnsureOpenAsync(current, cancellationToken) is { } refusal)
        {
            LogNotStarted(host.Value, RemoteProgram.NameOf(command), refusal.Kind);
            return new ShellOutcome.NotStarted(refusal);
        }

        var started = time.GetTimestamp();
        var outcome = await RunOverAsync(connection, command, program, output, errors, complete, cancellationToken);
        LogRan(host.Value, RemoteProgram.NameOf(command), Describe(outcome), time.GetElapsedTime(started).TotalMilliseconds);
        return outcome;
    }

    private async Task<ShellOutcome> RunOverAsync(
        SshConnection connection,
        ShellCommand command,
        RemoteProgram program,
        OutputSink output,
        OutputSink errors,
        Func<int, ShellOutcome.Completed> complete,
        CancellationToken cancellationToken)
    {
        var (markedOutput, markedErrors) = (new StartMarker(program.Marker, output), new StartMarker(program.Marker, errors));
        var log = runtime.NextFile("log");
        try
        {
            var ssh = new LocalCommand
            {
                Program = "ssh",
                Arguments = ["-F", connection.ConfigPath, "-E", log, "-T", "--", connection.Endpoint.Id.Value, RemoteProgram.CommandLine],
                Input = program.Input,
                Deadline = command.Deadline,
            };
            var exitCode = await LocalProcess.RunAsync(ssh, markedOutput, markedErrors, time, cancellationToken);
            return exitCode switch
            {
                null => new ShellOutcome.Unknown(SshFaults.Late(connection.Endpoint, command.Deadline)),
                // Once the marker was seen the program ran, whatever ssh says afterwards.
                Failed when markedOutput.WasSeen => new ShellOutcome.Unknown(SshFaults.Lost(connection.Endpoint)),
                Failed => SshFaults.OfRefusal(connection.Endpoint, await SshLog.ReadAsync(log, cancellationToken)) is { } refusal
                    ? new ShellOutcome.NotStarted(refusal)
                    : new ShellOutcome.Unknown(SshFaults.Lost(connection.Endpoint)),
                _ when markedOutput.WasSeen => complete(exitCode.Value),
                // The login ended in good order without printing the marker, which our program does before anything else.
                _ => new ShellOutcome.NotStarted(SshFaults.NotOurShell(connection.Endpoint, markedOutput.Banner + "\n" + markedErrors.Banner)),
            };
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static string Describe(ShellOutcome outcome) => outcome switch
    {
        ShellOutcome.Completed completed => $"exit {completed.ExitCode}",
        ShellOutcome.NotStarted notStarted => $"not started, {notStarted.Fault.Kind}",
        ShellOutcome.Unknown unknown => $"outcome unknown, {unknown.Fault.Kind}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Host}: {Program}: {Outcome} after {Milliseconds:0} ms")]
    private partial void LogRan(string host, string program, string outcome, double milliseconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Host}: {Program} was not started: {Kind}")]
    private partial void LogNotStarted(string host, string program, HostFaultKind kind);
}
