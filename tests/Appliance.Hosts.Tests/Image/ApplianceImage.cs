using Xunit;

namespace Appliance.Hosts.Tests.Image;

/// <summary>The image that the Dockerfile describes, built once for all tests that run it.</summary>
public sealed class ApplianceImage : IAsyncLifetime
{
    internal const string Tag = "appliance:test";

    // The restrictions of docker-compose.yml.
    private static readonly string[] s_hardened =
        ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

    private readonly List<string> _containers = [];
    private DockerDaemon? _daemon;

    internal DockerDaemon Daemon => _daemon ?? throw new InvalidOperationException("InitializeAsync was not called.");

    public async Task InitializeAsync()
    {
        _daemon = await DockerDaemon.StartAsync();
        (await _daemon.RunAsync(Path.Combine(Repository.Root, "eng/image.sh"), TimeSpan.FromMinutes(10), [], Tag)).Succeeded();
    }

    public async Task DisposeAsync()
    {
        if (_daemon is not null)
        {
            foreach (var container in _containers)
            {
                await _daemon.RunAsync("docker", "rm", "--force", "--volumes", container);
            }

            await _daemon.DisposeAsync();
        }
    }

    internal async Task<CommandResult> DockerAsync(params string[] arguments) => await Daemon.RunAsync("docker", arguments);

    /// <summary>Starts a demo appliance on a loopback port that the engine chooses; it is removed after the last test.</summary>
    internal async Task<RunningContainer> RunAsync()
    {
        var id = (await DockerAsync(
            [
                "run", "--detach", .. s_hardened, "--publish", "127.0.0.1::9999", "--env", "DEMO=1",
                // The image asks every 30 s, which a test does not wait for.
                "--health-interval", "1s", Tag,
            ])).Succeeded();
        _containers.Add(id);
        var address = (await DockerAsync("port", id, "9999/tcp")).Succeeded().Split('\n')[0];
        return new RunningContainer(this, id, new Uri($"http://{address}/"));
    }

    /// <summary>Runs an appliance that is expected to end by itself.</summary>
    internal async Task<CommandResult> RunToEndAsync(params string[] options) =>
        await DockerAsync(["run", "--rm", .. s_hardened, .. options, Tag]);
}
