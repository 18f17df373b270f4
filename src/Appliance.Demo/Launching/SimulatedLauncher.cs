using System.Collections.Immutable;
using System.Net;
using System.Text;
using Appliance.Cluster.Shell;
using Appliance.Demo.Machines;

namespace Appliance.Demo.Launching;

/// <summary>
/// Behaves as eugr/spark-vllm-docker's <c>launch-cluster.sh</c> of August 2026 does, its traps included: it exits with 0 when docker refuses, and a
/// container that already runs gets a second server (spark-vllm-docker.md sections 1.5 to 1.7).
/// </summary>
internal sealed class SimulatedLauncher(LaunchWorld world)
{
    private static readonly ImmutableHashSet<string> OptionsWithValue =
    [
        "-n", "--nodes", "-t", "--name", "--eth-if", "--ib-if", "-e", "--env", "-j", "--apply-mod", "--apply-vllm-pr", "--master-port", "--head-port",
        "-p", "--publish", "-v", "--volume", "--earlyoom-args", "--mem-limit-gb", "--mem-swap-limit-gb", "--pids-limit", "--shm-size-gb", "--nccl-debug",
        "--config",
    ];

    private static readonly ImmutableHashSet<string> Switches =
        ["--solo", "--ray", "--no-ray", "--no-cache-dirs", "--keep-entrypoint", "--earlyoom", "-d", "--non-privileged"];

    /// <summary>Runs it to its end on a host. Cancelling breaks it off, as a killed script.</summary>
    public async Task<ShellOutcome.Completed> RunAsync(SimulatedHost head, ImmutableArray<string> words, CancellationToken cancellationToken)
    {
        if (words.Length > 1 && words[1] is "-h" or "--help")
        {
            return Fail("Usage: ./launch-cluster.sh [options] [action] [command]");
        }

        var options = new List<KeyValuePair<string, string>>();
        var at = 1;
        for (; at < words.Length && words[at] != "exec"; at++)
        {
            if (OptionsWithValue.Contains(words[at]) && at + 1 < words.Length)
            {
                options.Add(new(words[at], words[++at]));
            }
            else if (Switches.Contains(words[at]))
            {
                options.Add(new(words[at], ""));
            }
            else
            {
                return Fail($"Error: Unknown argument or action: {words[at]}");
            }
        }

        if (at >= words.Length)
        {
            return Fail("Error: No action specified. Use start, stop, status or exec.");
        }

        string? Find(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                foreach (var (key, value) in options)
                {
                    if (key == name)
                    {
                        return value;
                    }
                }
            }

            return null;
        }

        return await LaunchAsync(
            head,
            Find("--name") ?? "vllm_node",
            Find("-t") ?? "vllm-node",
            FindWorkers(head, Find("--solo") is not null, Find("-n", "--nodes")),
            words[(at + 1)..],
            cancellationToken);
    }

    private ImmutableArray<SimulatedHost> FindWorkers(SimulatedHost head, bool isSolo, string? nodes)
    {
        if (isSolo)
        {
            return [];
        }

        var named = nodes?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return [.. world.Hosts.Where(host => host != head && (named is null || named.Contains(host.Address)))];
    }

    private async Task<ShellOutcome.Completed> LaunchAsync(
        SimulatedHost head, string name, string image, ImmutableArray<SimulatedHost> workers, ImmutableArray<string> command, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        var errors = new StringBuilder();
        void Say(string line) => output.Append(line).Append('\n');

        // 1. The preamble.
        Say($"Head Node: {head.Address}");
        Say($"Worker Nodes: {string.Join(' ', workers.Select(worker => worker.Address))}");
        Say($"Container Name: {name}");
        Say($"Image Name: {image}");
        Say("Action: exec");
        if (workers.Length > 0)
        {
            Say("Checking SSH connectivity to worker nodes...");
            foreach (var worker in workers)
            {
                if (!worker.IsOnline)
                {
                    return Fail($"{output}Error: Passwordless SSH to {worker.Address} failed.");
                }

                Say($"  SSH to {worker.Address}: OK");
            }
        }

        // A command for fewer machines than there are gets only so many.
        if (ServeCommand.Read(command) is { } wanted && workers.Length > 0 && wanted.Nodes < workers.Length + 1)
        {
            Say($"Note: Command requires {wanted.Nodes} node(s) (tp={wanted.Nodes} * pp=1 * dp=1); using {wanted.Nodes} of {workers.Length + 1} configured node(s).");
            workers = workers[..(wanted.Nodes - 1)];
        }

        // 2. The containers, unless one of that name runs: then a second server starts in it.
        if (head.Docker.Find(name) is not null)
        {
            Say($"Warning: Container '{name}' is already running on head node ({head.Address}).");
            Say("Cluster containers are already running. Skipping launch.");
        }
        else
        {
            foreach (var (host, role) in workers.Select(worker => (worker, "Worker")).Prepend((head, "Head")))
            {
                Say($"Starting {role} Node on {host.Address}...");
                await Task.Delay(TimeSpan.FromMilliseconds(600) / world.Speed, world.Time, cancellationToken);
                RunContainer(host, name, image, output, errors);
            }

            await Task.Delay(TimeSpan.FromSeconds(2) / world.Speed, world.Time, cancellationToken);
        }

        // 3. The command goes to the background, and that is all the script looks at.
        Say($"Executing command: {string.Join(' ', command)} ");
        Execute(head, name, workers, command, errors);
        Say($"Command dispatched in background (Daemon mode). Container: {name}");
        return new ShellOutcome.Completed(0, output.ToString(), errors.ToString());
    }

    private void RunContainer(SimulatedHost host, string name, string image, StringBuilder output, StringBuilder errors)
    {
        var container = new SimulatedContainer(name, image, world.Time.GetUtcNow());
        if (world.Faults.DockerRefuses)
        {
            errors.Append("docker: Error response from daemon: could not select device driver \"\" with capabilities: [[gpu]].\n");
        }
        else if (world.Faults.FullDisks.Contains(host.Id))
        {
            errors.Append("docker: Error response from daemon: mkdir /var/lib/docker/overlay2/1f0c6b: no space left on device.\n");
        }
        else if (!host.Docker.TryAdd(container))
        {
            errors.Append($"docker: Error response from daemon: Conflict. The container name \"/{name}\" is already in use. You have to remove (or rename) that container to be able to reuse that name.\n");
        }
        else
        {
            output.Append(container.Id).Append('\n');
        }
    }

    private void Execute(SimulatedHost head, string name, ImmutableArray<SimulatedHost> workers, ImmutableArray<string> command, StringBuilder errors)
    {
        if (head.Docker.Find(name) is not { } container)
        {
            errors.Append($"Error response from daemon: No such container: {name}\n");
            return;
        }

        if (ServeCommand.Read(command) is not { } serve)
        {
            container.Log.Append($"bash: line 1: {command.FirstOrDefault() ?? ""}: command not found");
            return;
        }

        var parts = ImmutableArray.Create(new ServerPart(head, container)).AddRange(
            workers.Select(worker => (Host: worker, Container: worker.Docker.Find(name))).Where(part => part.Container is not null)
                .Select(part => new ServerPart(part.Host, part.Container!)));
        SimulatedServer.Start(world, serve, parts, FindPort(head, serve.Port));
    }

    private IModelPort? FindPort(SimulatedHost head, int port)
    {
        var isTaken = head.Docker.Containers.Any(container => container.Server is { } other && other.Head.Host == head && other.Serve.Port == port);
        return isTaken ? null : world.Ports.GetValueOrDefault(new IPEndPoint(IPAddress.Parse(head.Address), port));
    }

    private static ShellOutcome.Completed Fail(string text) => new(1, text + "\n", "");
}
