using Appliance.Cluster.Shell;
using Appliance.Hosts.Processes;
using Microsoft.Extensions.Options;

namespace Appliance.Hosts.Ssh;

/// <summary>Our own key pair: made when absent, never shown but for its public half. Thread-safe.</summary>
public sealed class SshKey : IDisposable
{
    private const UnixFileMode OwnerOnlyFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode NotOwner =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly IOptionsMonitor<SshOptions> _options;
    private readonly TimeProvider _time;

    /// <summary>The key that the options name.</summary>
    public SshKey(IOptionsMonitor<SshOptions> options, TimeProvider time) => (_options, _time) = (options, time);

    /// <summary>
    /// The public half as one line for <c>authorized_keys</c>; makes the pair when there is none. Throws <see cref="InvalidOperationException"/>
    /// with a sentence for the owner when the key cannot be used.
    /// </summary>
    public async Task<string> ReadPublicKeyAsync(CancellationToken cancellationToken)
    {
        if (await FindFaultAsync(cancellationToken) is { } fault)
        {
            throw new InvalidOperationException($"{fault.Message} {fault.Advice}");
        }

        // The passphrase is given as empty, so that a protected key is an error and not a question.
        var (exitCode, text) = await RunKeygenAsync(["-y", "-P", "", "-f", _options.CurrentValue.KeyPath], cancellationToken);
        return exitCode == 0
            ? text.Trim()
            : throw new InvalidOperationException("Our SSH key cannot be read: it is damaged or has a passphrase. A key without passphrase is needed.");
    }

    /// <summary>Why the key cannot be used, or null; makes the pair when there is none.</summary>
    internal async Task<HostFault?> FindFaultAsync(CancellationToken cancellationToken)
    {
        var path = _options.CurrentValue.KeyPath;
        try
        {
            await EnsureExistsAsync(path, cancellationToken);
            // ssh would silently leave out a key with such a mode and report a refused login (reliability.md 0.1 n).
            if ((File.GetUnixFileMode(path) & NotOwner) != UnixFileMode.None)
            {
                return new(HostFaultKind.KeyUnusable, $"Other users can read our SSH key {path}.", $"Run `chmod 600 {path}`, or remove the file to get a new key.");
            }

            await using var readable = File.OpenRead(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(HostFaultKind.KeyUnusable, $"Our SSH key {path} cannot be read or made: {e.Message}", "Check the owner and the mode of the file and of its folder.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task EnsureExistsAsync(string path, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnlyFolder);
                var (exitCode, text) = await RunKeygenAsync(["-q", "-t", "ed25519", "-N", "", "-C", "appliance", "-f", path], cancellationToken);
                _ = exitCode == 0 ? 0 : throw new IOException($"ssh-keygen: {text.Trim()}");
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<(int ExitCode, string Text)> RunKeygenAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var command = new LocalCommand { Program = "ssh-keygen", Arguments = [.. arguments], Deadline = TimeSpan.FromSeconds(30) };
        var (output, errors) = (new OutputBuffer(8192), new OutputBuffer(8192));
        var exitCode = await LocalProcess.RunAsync(command, output, errors, _time, cancellationToken);
        return (exitCode ?? -1, exitCode == 0 ? output.ReadText() : errors.ReadText());
    }
}
