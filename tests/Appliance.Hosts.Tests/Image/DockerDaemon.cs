using System.Diagnostics;
using Appliance.TestKit.Files;

namespace Appliance.Hosts.Tests.Image;

/// <summary>
/// A Docker daemon for tests: the one that already answers, or (as root) one of our own on a socket of our own.
/// Only the latter is stopped at the end. Its images are kept in the user's cache folder, which saves half a minute per run.
/// </summary>
internal sealed class DockerDaemon : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // Ends with its parent, even a killed one: when our end of the pipe is gone, cat ends and dockerd is stopped.
    // The umount: dockerd leaves a mount behind, and the folder could not be removed.
    private const string Keeper =
        """dockerd "$@" --exec-root "$ROOT" >"$LOG" 2>&1 & cat >/dev/null; kill $!; wait; umount "$ROOT/netns/default" """;

    private readonly TemporaryFolder _folder = new();
    private FileStream? _cacheLock;
    private Process? _keeper;

    private DockerDaemon()
    {
    }

    /// <summary>The value for DOCKER_HOST; null for the default daemon.</summary>
    public string? Address { get; private set; }

    public static async Task<DockerDaemon> StartAsync()
    {
        var daemon = new DockerDaemon();
        if (await daemon.AnswersAsync())
        {
            return daemon;
        }

        try
        {
            await daemon.StartOwnAsync();
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    public Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        RunAsync(program, TimeSpan.FromMinutes(2), [], arguments);

    public async Task<CommandResult> RunAsync(string program, TimeSpan limit, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        if (Address is not null)
        {
            start.Environment["DOCKER_HOST"] = Address;
        }

        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new CommandResult(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took longer than {limit}.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_keeper is not null)
        {
            _keeper.StandardInput.Close();
            await _keeper.WaitForExitAsync();
            _keeper.Dispose();
        }

        _cacheLock?.Dispose();
        _folder.Dispose();
    }

    private async Task StartOwnAsync()
    {
        Address = $"unix://{_folder.File("docker.sock")}";
        var log = _folder.File("dockerd.log");
        var start = new ProcessStartInfo("sh",
        [
            "-c", Keeper, "sh", "--host", Address, "--data-root", FindDataRoot(),
            "--pidfile", _folder.File("pid"),
        ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        start.Environment["LOG"] = log;
        start.Environment["ROOT"] = _folder.File("exec");
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        _keeper = Process.Start(start)!;

        var started = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync())
        {
            if (TimeProvider.System.GetElapsedTime(started) > StartLimit)
            {
                throw new InvalidOperationException($"No Docker daemon answers and dockerd did not start:\n{await File.ReadAllTextAsync(log)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<bool> AnswersAsync() => (await RunAsync("docker", "version")).ExitCode == 0;

    /// <summary>The cache folder, or one that goes away with us while another test run has that one.</summary>
    private string FindDataRoot()
    {
        var cache = Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "appliance");
        Directory.CreateDirectory(cache);
        try
        {
            _cacheLock = new FileStream(Path.Combine(cache, "docker.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return Path.Combine(cache, "docker");
        }
        catch (IOException)
        {
            return _folder.File("data");
        }
    }
}
