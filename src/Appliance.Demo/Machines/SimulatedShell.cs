using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Demo.Launching;

namespace Appliance.Demo.Machines;

/// <summary>
/// Answers the commands and scripts that the product sends, in the text formats of the real programs, so that the production parsers run. A command
/// that no simulated host knows ends with 127, as in a shell. Thread-safe.
/// </summary>
internal sealed class SimulatedShell(LaunchWorld world, CancellationToken closing) : IHostShell
{
    // Enough for a test to look at; a demo that runs for days keeps the newest.
    private const int MaxRan = 2000;

    private readonly SimulatedLauncher _launcher = new(world);
    private readonly Lock _gate = new();
    private readonly Queue<RanCommand> _ran = new();
    private readonly HashSet<Task> _running = [];

    public ImmutableArray<RanCommand> Ran
    {
        get
        {
            lock (_gate)
            {
                return [.. _ran];
            }
        }
    }

    public async Task<ShellOutcome> RunAsync(HostId host, ShellCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Remember(host, command);
        var (machine, fault) = Connect(host);
        return machine is null
            ? new ShellOutcome.NotStarted(fault!)
            : await WaitAsync(machine, command, Track(() => RunHereAsync(machine, command)), outcome => Cut(outcome, command.OutputLimit), cancellationToken);
    }

    public async Task<ShellOutcome> FollowAsync(HostId host, ShellCommand command, Action<string> onLine, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Remember(host, command);
        var (machine, fault) = Connect(host);
        if (machine is null)
        {
            return new ShellOutcome.NotStarted(fault!);
        }

        // Ends the reading when the caller, the deadline or the connection does; a mutation goes on over there.
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, machine.Connection, closing);
        var work = Track(() => FollowHereAsync(machine, command, onLine, reading.Token));
        try
        {
            return await WaitAsync(machine, command, work, outcome => outcome with { Output = "", Errors = "" }, cancellationToken);
        }
        finally
        {
            // Not CancelAsync, and back to the caller's context: a simulation stays on its one thread.
#pragma warning disable CA1849
            reading.Cancel();
#pragma warning restore CA1849
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public async Task<RunLook> LookAtRunAsync(HostId host, RunId run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (machine, fault) = Connect(host);
        return machine is null ? new RunLook.NotKnown(fault!) : await machine.Fence.LookAsync(run);
    }

    public Task<EpochLook> ReadEpochAsync(HostId host, string scope, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (machine, fault) = Connect(host);
        return Task.FromResult<EpochLook>(machine is null ? new EpochLook.NotKnown(fault!) : new EpochLook.Seen(machine.Fence.ReadEpoch(scope)));
    }

    /// <summary>Waits for what still runs on the machines.</summary>
    public async Task CloseAsync()
    {
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Remember(HostId host, ShellCommand command)
    {
        foreach (var word in command.Words)
        {
            if (word.Contains('\0') || HasLoneSurrogate(word))
            {
                throw new ArgumentException("A word holds NUL or half of a surrogate pair.", nameof(command));
            }
        }

        lock (_gate)
        {
            _ran.Enqueue(new RanCommand(world.Time.GetUtcNow(), host, command));
            if (_ran.Count > MaxRan)
            {
                _ran.Dequeue();
            }
        }
    }

    private (SimulatedHost? Machine, HostFault? Fault) Connect(HostId host) =>
        world.Hosts.FirstOrDefault(machine => machine.Id == host) switch
        {
            null => (null, new HostFault(HostFaultKind.Unreachable, $"There is no host {host}.")),
            { IsOnline: false } machine => (null, new HostFault(
                HostFaultKind.Unreachable, $"{machine.Name} does not answer.", "Check that it is switched on and connected.")),
            { LoginFault: { } refused } => (null, refused),
            var machine => (machine, null),
        };

    private static async Task<ShellOutcome> WaitAsync(
        SimulatedHost machine, ShellCommand command, Task<ShellOutcome> work, Func<ShellOutcome.Completed, ShellOutcome> answer, CancellationToken cancellationToken)
    {
        var lost = new HostFault(HostFaultKind.ConnectionLost, $"The connection to {machine.Name} broke.");
        try
        {
            using var connection = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, machine.Connection);
            var outcome = await work.WaitAsync(command.Deadline, machine.Time, connection.Token);
            return outcome is ShellOutcome.Completed completed ? answer(completed) : outcome;
        }
        catch (TimeoutException)
        {
            return new ShellOutcome.Unknown(new HostFault(HostFaultKind.DeadlineExceeded, $"{machine.Name} did not finish a command within {command.Deadline.TotalSeconds:0} s."));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ShellOutcome.Unknown(lost);
        }
    }

    private Task<ShellOutcome> Track(Func<Task<ShellOutcome>> start)
    {
        var work = start();
        lock (_gate)
        {
            _running.Add(work);
        }

        _ = ForgetAsync(work);
        return work;
    }

    private async Task ForgetAsync(Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        lock (_gate)
        {
            _running.Remove(work);
        }
    }

    private async Task<ShellOutcome> RunHereAsync(SimulatedHost machine, ShellCommand command) => command is { Fence: null, RunId: null }
        ? await ExecuteAsync(machine, command, closing)
        : await machine.Fence.RunAsync(command, token => ExecuteAsync(machine, command, token), closing);

    private async Task<ShellOutcome.Completed> ExecuteAsync(SimulatedHost machine, ShellCommand command, CancellationToken stopping)
    {
        // The wrapper's first two words name another Hugging Face home; there is only one here.
        var words = command.Script is { Name: "launch-with-cache" } && command.Words.Length > 2 ? command.Words[2..] : command.Words;
        var first = words.IsEmpty ? "" : words[0];
        if (first is "./launch-cluster.sh" && command.WorkingDirectory == machine.Define().LaunchDirectory)
        {
            return await _launcher.RunAsync(machine, words, stopping);
        }

        if (command.Script is { } script)
        {
            return RunScript(machine, script.Name, words);
        }

        return await machine.Docker.RunAsync(words, stopping) ?? new ShellOutcome.Completed(127, "", $"sh: 1: {first}: not found\n");
    }

    private async Task<ShellOutcome> FollowHereAsync(SimulatedHost machine, ShellCommand command, Action<string> onLine, CancellationToken reading)
    {
        if (command.Words is not ["docker", "logs", "--follow", "--tail", var tail, var name])
        {
            var outcome = await RunHereAsync(machine, command);
            foreach (var line in outcome is ShellOutcome.Completed completed ? (completed.Output + completed.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [])
            {
                onLine(line);
            }

            return outcome;
        }

        if (machine.Docker.Find(name) is not { } container)
        {
            onLine($"Error response from daemon: No such container: {name}");
            return SimulatedDocker.NoSuchContainer(name);
        }

        var lines = container.Log.Follow(int.TryParse(tail, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : int.MaxValue);
        try
        {
            while (await lines.WaitToReadAsync(reading))
            {
                while (lines.TryRead(out var line))
                {
                    onLine(line);
                }
            }

            return new ShellOutcome.Completed(0, "", "");
        }
        finally
        {
            container.Log.Leave(lines);
        }
    }

    private static ShellOutcome.Completed RunScript(SimulatedHost machine, string name, ImmutableArray<string> parameters) => name switch
    {
        "list-models" => Ok(machine.Cache.List()),
        "host-facts" => Ok(machine.Facts()),
        "inspect-launcher" => Ok($"docker ok\nlauncher ok\nsolo yes\nray yes\nhash {new string('5', 64)}\n"),
        "check-launch" => Ok(""),
        // A launcher of August escapes its words.
        "prove-quoting" => Ok($"argv {Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Concat(parameters.Skip(2).Select(word => word + "\0"))))}\nend\n"),
        "look-at-server" when parameters is [var container] => Ok(machine.Docker.Find(container) switch
        {
            null => "gone\n",
            { Server: null } => "container\nserver no\n",
            _ => "container\nserver yes\n",
        }),
        _ => new ShellOutcome.Completed(2, "", $"{name}: no such script on a simulated host\n"),
    };

    private static bool HasLoneSurrogate(string word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (char.IsHighSurrogate(word[i]) && i + 1 < word.Length && char.IsLowSurrogate(word[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(word[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static ShellOutcome.Completed Ok(string output) => new(0, output, "");

    private static ShellOutcome.Completed Cut(ShellOutcome.Completed outcome, int limit)
    {
        var output = Cut(outcome.Output, limit);
        var errors = Cut(outcome.Errors, limit);
        var isCut = output.Length < outcome.Output.Length || errors.Length < outcome.Errors.Length;
        return isCut ? outcome with { Output = output, Errors = errors, IsTruncated = true } : outcome;
    }

    private static string Cut(string text, int limit)
    {
        if (Encoding.UTF8.GetByteCount(text) <= limit)
        {
            return text;
        }

        Encoding.UTF8.GetEncoder().Convert(text, new byte[limit], flush: false, out var used, out _, out _);
        return text[..used];
    }
}
