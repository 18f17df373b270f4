using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Appliance.Cluster.Shell;

namespace Appliance.Demo.Machines;

/// <summary>The containers of one simulated host and the docker commands that the product uses, in docker's own words. Thread-safe.</summary>
internal sealed class SimulatedDocker(TimeProvider time, double speed)
{
    private readonly Lock _gate = new();
    // Enough for a test to look at.
    private const int MaxCalls = 2000;

    private readonly Dictionary<string, SimulatedContainer> _containers = new(StringComparer.Ordinal);
    private readonly Queue<ImmutableArray<string>> _calls = new();

    public ImmutableArray<SimulatedContainer> Containers
    {
        get
        {
            lock (_gate)
            {
                return [.. _containers.Values];
            }
        }
    }

    /// <summary>The commands that really ran here, oldest first: of a command that was refused or that ran before there is no second one.</summary>
    public ImmutableArray<ImmutableArray<string>> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The id of every image here; another one after a pull.</summary>
    public string ImageId { get; set; } = "sha256:0d3f7c5e";

    public SimulatedContainer? Find(string name)
    {
        lock (_gate)
        {
            return _containers.GetValueOrDefault(name);
        }
    }

    /// <summary><c>docker run</c>; false when the name is taken.</summary>
    public bool TryAdd(SimulatedContainer container)
    {
        lock (_gate)
        {
            return _containers.TryAdd(container.Name, container);
        }
    }

    /// <summary>Runs <c>docker …</c> to its end; null for a command that the product does not use.</summary>
    public async Task<ShellOutcome.Completed?> RunAsync(ImmutableArray<string> words, CancellationToken cancellationToken)
    {
        Remember(words);
        return await ExecuteAsync(words, cancellationToken);
    }

    /// <summary>The container stops by itself or is killed: its server ends, and with <c>--rm</c> it is gone.</summary>
    public async Task EndAsync(SimulatedContainer container, int exitCode)
    {
        if (container.Server is { } server)
        {
            await server.StopAsync();
        }

        if (container.Service is { } service)
        {
            await service.CloseAsync();
        }

        lock (_gate)
        {
            container.ExitCode = exitCode;
            container.FinishedAt = time.GetUtcNow();
            if (container.RemovesItself && _containers.GetValueOrDefault(container.Name) == container)
            {
                _containers.Remove(container.Name);
            }
        }

        container.Log.Close();
    }

    public static ShellOutcome.Completed NoSuchContainer(string name) =>
        new(1, "", $"Error response from daemon: No such container: {name}\n");

    private async Task<ShellOutcome.Completed?> ExecuteAsync(ImmutableArray<string> words, CancellationToken cancellationToken) => words.AsSpan() switch
    {
        ["docker", "ps", "-a", "--format", "{{.Names}}"] =>
            new ShellOutcome.Completed(0, string.Concat(Containers.Select(container => container.Name + "\n")), ""),
        ["docker", "image", "inspect", "--format", "{{.Id}}", _] => new ShellOutcome.Completed(0, $"{ImageId}\n", ""),
        ["docker", "stop", var name] => await StopAsync(name, cancellationToken),
        ["docker", "start", var name] => await StartAsync(name, cancellationToken),
        ["docker", "logs", "--tail", var tail, var name] => Logs(name, tail),
        ["docker", "inspect", "--format", "{{json .State}}", var name] => Inspect(name),
        _ => null,
    };

    private void Remember(ImmutableArray<string> words)
    {
        lock (_gate)
        {
            _calls.Enqueue(words);
            if (_calls.Count > MaxCalls)
            {
                _calls.Dequeue();
            }
        }
    }

    private async Task<ShellOutcome.Completed> StopAsync(string name, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } container)
        {
            return NoSuchContainer(name);
        }

        if (container.FinishedAt is null)
        {
            await Task.Delay(container.StopTime / speed, time, cancellationToken);
            // 137: killed, because "sleep infinity" as PID 1 ignores SIGTERM.
            await EndAsync(container, 137);
        }

        return new ShellOutcome.Completed(0, $"{name}\n", "");
    }

    // Only services can be started again: a container of the launcher removes itself.
    private async Task<ShellOutcome.Completed> StartAsync(string name, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } container)
        {
            return NoSuchContainer(name);
        }

        if (container.FinishedAt is not null)
        {
            await (container.Service?.OpenAsync(cancellationToken) ?? Task.CompletedTask);
            lock (_gate)
            {
                container.StartedAt = time.GetUtcNow();
                container.FinishedAt = null;
                container.ExitCode = 0;
            }

            container.Log.Reopen();
        }

        return new ShellOutcome.Completed(0, $"{name}\n", "");
    }

    private ShellOutcome.Completed Logs(string name, string tail)
    {
        if (Find(name) is not { } container)
        {
            return NoSuchContainer(name);
        }

        var count = int.TryParse(tail, NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : int.MaxValue;
        return new ShellOutcome.Completed(0, string.Concat(container.Log.Tail(count).Select(line => line + "\n")), "");
    }

    private ShellOutcome.Completed Inspect(string name)
    {
        if (Find(name) is not { } container)
        {
            return new ShellOutcome.Completed(1, "\n", $"Error response from daemon: No such container: {name}\n");
        }

        var runs = container.FinishedAt is null;
        var started = JsonEncodedText.Encode(container.StartedAt.UtcDateTime.ToString("O"));
        var finished = JsonEncodedText.Encode(runs ? "0001-01-01T00:00:00Z" : container.FinishedAt!.Value.UtcDateTime.ToString("O"));
        var state = $$"""
            {"Status":"{{(runs ? "running" : "exited")}}","Running":{{(runs ? "true" : "false")}},"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":{{(runs ? 4242 : 0)}},"ExitCode":{{container.ExitCode}},"Error":"","StartedAt":"{{started}}","FinishedAt":"{{finished}}"}
            """;
        return new ShellOutcome.Completed(0, state + "\n", "");
    }
}
