using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;

namespace Appliance.TestKit.Sshd;

/// <summary>
/// A real sshd on loopback with its own host key and its own list of authorized keys, for the user who runs the tests. It installs nothing and
/// ends only what it started.
/// </summary>
public sealed class SshdFixture : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private readonly SshdSetup _setup;
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];
    private Process? _sshd;

    private SshdFixture(SshdSetup setup)
    {
        _setup = setup;
        Port = FreePort();
        Directory.CreateDirectory(Home);
        File.WriteAllText(AuthorizedKeys, "");
    }

    public int Port { get; }

    /// <summary>The home folder of every login; the real one is not touched.</summary>
    public string Home => _folder.File("home");

    public string User { get; } = Environment.UserName;

    private string AuthorizedKeys => _folder.File("authorized_keys");

    private string HostKey => _folder.File("host_key");

    public static async Task<SshdFixture> StartAsync(SshdSetup? setup = null)
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException($"{Program} is missing. These tests need the Debian package openssh-server.");
        }

        var fixture = new SshdFixture(setup ?? new SshdSetup());
        await fixture.MakeHostKeyAsync();
        await fixture.StartAsync();
        return fixture;
    }

    /// <summary>Lets a public key in. <paramref name="publicKey"/> is one line.</summary>
    public void Authorize(string publicKey)
    {
        var options = _setup.LoginProgram is { } program ? $"command=\"{program}\" " : "";
        File.AppendAllText(AuthorizedKeys, $"{options}{publicKey}\n");
    }

    public void AuthorizeNobody() => File.WriteAllText(AuthorizedKeys, "");

    public HostDefinition Describe(HostId id, string name = "Spark 1") =>
        new() { Id = id, Name = name, Address = "127.0.0.1", User = User, Port = Port };

    /// <summary>Stops the sessions in the way a frozen machine does: connections stand, nothing answers.</summary>
    public void FreezeSessions() => ProcessTree.Signal("STOP", Sessions());

    public void ThawSessions() => ProcessTree.Signal("CONT", Sessions());

    /// <summary>Ends all connections at once, as a pulled plug does; what runs on the host goes on.</summary>
    public void CutSessions() => ProcessTree.Signal("KILL", Sessions());

    /// <summary>The lines that sshd has logged.</summary>
    public string[] ReadLog()
    {
        lock (_log)
        {
            return [.. _log];
        }
    }

    public async Task StartAsync()
    {
        var config = _folder.File("sshd_config");
        await File.WriteAllTextAsync(config, Configuration());
        if (Environment.IsPrivilegedProcess)
        {
            // Where the service has never run, its empty folder for unprivileged children is missing.
            Directory.CreateDirectory("/run/sshd");
        }

        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo(Program, ["-D", "-e", "-f", config]) { RedirectStandardError = true, UseShellExecute = false };
        _sshd = new Process { StartInfo = start, EnableRaisingEvents = true };
        _sshd.ErrorDataReceived += (_, e) => Hear(e.Data, listening);
        _sshd.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"sshd ended: {string.Join('\n', ReadLog())}"));
        _sshd.Start();
        _sshd.BeginErrorReadLine();
        await listening.Task.DefaultTimeout();
    }

    public async Task StopAsync()
    {
        if (_sshd is { } sshd)
        {
            _sshd = null;
            ProcessTree.Signal("KILL", [sshd.Id, .. ProcessTree.ReadDescendants(sshd.Id)]);
            await sshd.WaitForExitAsync().DefaultTimeout();
            sshd.Dispose();
        }
    }

    /// <summary>As after a reinstallation: the same address with another host key.</summary>
    public async Task RestartWithNewHostKeyAsync()
    {
        await StopAsync();
        File.Delete(HostKey);
        File.Delete(HostKey + ".pub");
        await MakeHostKeyAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private IEnumerable<int> Sessions() =>
        _sshd is { } sshd ? ProcessTree.ReadDescendants(sshd.Id).Where(pid => ProcessTree.ReadName(pid).StartsWith("sshd", StringComparison.Ordinal)) : [];

    private async Task MakeHostKeyAsync()
    {
        using var keygen = Process.Start(new ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", HostKey]))!;
        await keygen.WaitForExitAsync().DefaultTimeout();
    }

    private void Hear(string? line, TaskCompletionSource listening)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Add(line);
        }

        if (line.Contains("Server listening", StringComparison.Ordinal))
        {
            listening.TrySetResult();
        }
    }

    private string Configuration()
    {
        var environment = _setup.Environment.SetItem("HOME", Home);
        var values = string.Join(' ', environment.Select(pair => $"\"{pair.Key}={pair.Value}\""));
        return $"""
            ListenAddress 127.0.0.1
            Port {Port}
            HostKey {HostKey}
            AuthorizedKeysFile {AuthorizedKeys}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            PrintMotd no
            PrintLastLog no
            MaxSessions {_setup.MaxSessions}
            MaxStartups 100
            LogLevel VERBOSE
            SetEnv {values}

            """;
    }
}
