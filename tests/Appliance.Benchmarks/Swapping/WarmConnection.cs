using System.Diagnostics;
using Appliance.TestKit.Files;
using Appliance.TestKit.Sshd;

namespace Appliance.Benchmarks.Swapping;

/// <summary>An ssh connection that stands already, as of a person who has used it before (ControlMaster).</summary>
internal sealed class WarmConnection : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _options;

    private WarmConnection(SshdFixture sshd, string key) => _options =
    [
        "-F", "none", "-i", key, "-p", $"{sshd.Port}", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
        "-o", $"ControlPath={_folder.File("c")}", "-l", sshd.User,
    ];

    /// <summary>Makes a key at <paramref name="key"/>, lets it in, and connects.</summary>
    public static async Task<WarmConnection> OpenAsync(SshdFixture sshd, string key)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(key)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "appliance", "-f", key]);
        sshd.Authorize(await File.ReadAllTextAsync(key + ".pub"));
        var connection = new WarmConnection(sshd, key);
        await RunAsync("ssh", [.. connection._options, "-o", "ControlMaster=yes", "-f", "-N", "127.0.0.1"]);
        return connection;
    }

    /// <summary>Runs a command line on the host.</summary>
    public Task RunAsync(string command) => RunAsync("ssh", [.. _options, "-n", "-o", "ControlMaster=no", "127.0.0.1", command]);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("ssh", [.. _options, "-q", "-O", "exit", "127.0.0.1"]);
        _folder.Dispose();
    }

    private static async Task RunAsync(string program, string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }
}
