using System.Net.Sockets;
using Appliance.Cluster.Shell;
using Appliance.Hosts.Processes;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosts.Ssh;

/// <summary>
/// The one connection to a host that all its commands share: an ssh master in the background, reached through its control socket. Started by
/// itself and not by the first command, because a master keeps that command's pipes open as long as it lives (reliability.md 0.1 h).
/// </summary>
internal sealed partial class SshConnection : IAsyncDisposable
{
    /// <summary>sshd allows six tries per connection and fail2ban five per ten minutes; three are enough to be sure (F-04).</summary>
    private const int RefusalsBeforePause = 3;

    /// <summary>For the login itself, after the connection stands.</summary>
    private static readonly TimeSpan LoginTimeout = TimeSpan.FromSeconds(10);

    private readonly SshRuntime _runtime;
    private readonly SshKey _key;
    private readonly HostKeyGuard _guard;
    private readonly TimeProvider _time;
    private readonly ILogger<SshConnection> _logger;
    private readonly SemaphoreSlim _opening = new(1);
    private readonly string _controlPath;
    private HostFault? _lastFault;
    private int _refusals;
    private long _failedAt;

    public SshConnection(SshEndpoint endpoint, SshOptions options, SshRuntime runtime, SshKey key, HostKeyGuard guard, TimeProvider time, ILogger<SshConnection> logger)
    {
        (Endpoint, _runtime, _key, _guard, _time, _logger) = (endpoint, runtime, key, guard, time, logger);
        Gate = new SessionGate(options.SessionsPerHost, options.WaitingPerHost, time);
        _controlPath = runtime.ControlPath(endpoint);
    }

    public SshEndpoint Endpoint { get; }

    public SessionGate Gate { get; }

    public string ConfigPath => _runtime.ConfigPath(Endpoint);

    /// <summary>Connects unless a connection stands. The fault, or null. Nothing was run on the host when there is a fault.</summary>
    public async Task<HostFault?> EnsureOpenAsync(SshOptions options, CancellationToken cancellationToken)
    {
        if (await IsOpenAsync(cancellationToken))
        {
            return null;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (await IsOpenAsync(cancellationToken))
            {
                return null;
            }

            if (IsPaused(options))
            {
                return _lastFault;
            }

            var fault = await OpenAsync(options, cancellationToken);
            Remember(fault);
            return fault;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Forgets earlier refusals: a person has changed something and wants to know now.</summary>
    public void ForgetRefusals() => Volatile.Write(ref _lastFault, null);

    /// <summary>Ends the shared connection; commands that run on it end as lost. The next command connects anew.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(_controlPath))
        {
            await _runtime.EndMasterAsync(_controlPath, cancellationToken);
            File.Delete(_controlPath);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None);
        Gate.Dispose();
        _opening.Dispose();
    }

    /// <summary>Whether a master listens. A socket that a killed master left behind refuses (reliability.md 0.1 m).</summary>
    private async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_controlPath))
        {
            return false;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_controlPath), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private bool IsPaused(SshOptions options)
    {
        var pause = _lastFault?.Kind switch
        {
            HostFaultKind.Thrashing => options.ThrashingPause,
            HostFaultKind.AuthenticationFailed when _refusals >= RefusalsBeforePause => options.RefusedPause,
            _ => TimeSpan.Zero,
        };
        return _time.GetElapsedTime(_failedAt) < pause;
    }

    private void Remember(HostFault? fault)
    {
        _refusals = fault?.Kind is HostFaultKind.AuthenticationFailed && _lastFault is { Kind: HostFaultKind.AuthenticationFailed } ? _refusals + 1 : 1;
        _lastFault = fault;
        _failedAt = _time.GetTimestamp();
    }

    private async Task<HostFault?> OpenAsync(SshOptions options, CancellationToken cancellationToken)
    {
        if (await _key.FindFaultAsync(cancellationToken) is { } keyFault)
        {
            return keyFault;
        }

        if (await Endpoint.ResolveAsync(options.ConnectTimeout, _time, cancellationToken) is not { } address)
        {
            return SshFaults.NameUnknown(Endpoint);
        }

        if (await _guard.FindFaultAsync(Endpoint, options, cancellationToken) is { } hostKeyFault)
        {
            return hostKeyFault;
        }

        await File.WriteAllTextAsync(ConfigPath, SshConfiguration.ForCommands(Endpoint, address, options, _controlPath), cancellationToken);
        File.Delete(_controlPath);
        return await StartMasterAsync(options, cancellationToken);
    }

    private async Task<HostFault?> StartMasterAsync(SshOptions options, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var log = _runtime.NextFile("log");
        try
        {
            var command = new LocalCommand
            {
                Program = "ssh",
                // -f: the process ends when the login has succeeded and the control socket is there; the master goes on in the background.
                Arguments = ["-F", ConfigPath, "-E", log, "-M", "-N", "-f", "--", Endpoint.Id.Value],
                Deadline = options.ConnectTimeout + LoginTimeout,
            };
            var exitCode = await LocalProcess.RunAsync(command, new OutputBuffer(0), new OutputBuffer(0), _time, cancellationToken);
            if (exitCode == 0)
            {
                LogConnected(Endpoint.Id.Value, _time.GetElapsedTime(started).TotalMilliseconds);
                return null;
            }

            return exitCode is null ? SshFaults.Thrashing(Endpoint) : SshFaults.OfConnecting(Endpoint, await SshLog.ReadAsync(log, cancellationToken));
        }
        finally
        {
            File.Delete(log);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to {Host} over SSH in {Milliseconds:0} ms")]
    private partial void LogConnected(string host, double milliseconds);
}
