using System.Security.Cryptography;
using System.Text;
using Appliance.Hosts.Processes;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosts.Ssh;

/// <summary>
/// The folder for what lives as long as the process: configuration files, control sockets, ssh's own messages. Mode 0700, below the temp folder,
/// because a control socket's path must be short (reliability.md 0.1 m) and the data folder may be on a file system without sockets.
/// </summary>
internal sealed partial class SshRuntime : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A socket address holds 108 bytes, and ssh binds under a temporary name that is 17 longer; the rest is our file name and room.</summary>
    private const int PathLimit = 60;

    private readonly TimeProvider _time;
    private readonly ILogger<SshRuntime> _logger;
    private readonly string _folder;
    private long _files;

    /// <summary>Makes the folder. The key's path names it, so that a restarted process finds the sockets that its predecessor left.</summary>
    public SshRuntime(string keyPath, TimeProvider time, ILogger<SshRuntime> logger)
    {
        (_time, _logger) = (time, logger);
        _folder = MakeFolder($"appliance-ssh-{ShortHash(keyPath)}");
    }

    public string Folder => _folder;

    public string ControlPath(SshEndpoint endpoint) => In($"{ShortHash($"{endpoint.User}@{endpoint.KeyName}/{endpoint.Id}")}.sock");

    public string ConfigPath(SshEndpoint endpoint) => In($"{endpoint.Id}.conf");

    /// <summary>A name that no other command uses.</summary>
    public string NextFile(string extension) => In($"{Interlocked.Increment(ref _files)}.{extension}");

    /// <summary>Ends connections that a killed predecessor left behind, and removes its files.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var file in Directory.GetFiles(_folder))
        {
            if (file.EndsWith(".sock", StringComparison.Ordinal))
            {
                await EndMasterAsync(file, cancellationToken);
                LogSwept(Path.GetFileName(file));
            }

            File.Delete(file);
        }
    }

    /// <summary>Asks the master behind a control socket to end; does nothing when there is none.</summary>
    public async Task EndMasterAsync(string controlPath, CancellationToken cancellationToken)
    {
        var command = new LocalCommand
        {
            Program = "ssh",
            // The host name is not used for this, but must be there.
            Arguments = ["-F", "none", "-S", controlPath, "-O", "exit", "--", "master"],
            Deadline = TimeSpan.FromSeconds(2),
        };
        await LocalProcess.RunAsync(command, new OutputBuffer(0), new OutputBuffer(0), _time, cancellationToken);
    }

    /// <summary>Removes the folder; the connections must have been ended.</summary>
    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string MakeFolder(string name)
    {
        foreach (var parent in (string[])[Path.GetTempPath(), "/tmp"])
        {
            var path = Path.Combine(parent, name);
            if (Encoding.UTF8.GetByteCount(path) <= PathLimit && SshConfiguration.IsUsablePath(path) && TryOwn(path))
            {
                return path;
            }
        }

        return Directory.CreateTempSubdirectory("appliance-ssh-").FullName;
    }

    /// <summary>False when somebody else made the folder before us: only the owner may change a mode, and a link may point anywhere.</summary>
    private static bool TryOwn(string path)
    {
        try
        {
            var folder = Directory.CreateDirectory(path, OwnerOnly);
            folder.UnixFileMode = OwnerOnly;
            return folder.LinkTarget is null;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    private static string ShortHash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 5));

    private string In(string name) => Path.Combine(_folder, name);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Ended the connection that an earlier run left behind ({File})")]
    private partial void LogSwept(string file);
}
