using Appliance.Cluster.Shell;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosts.Ssh;

/// <summary>Sees to it that a host's key is pinned before anything is sent to it (T-17).</summary>
internal sealed partial class HostKeyGuard(KnownHosts known, HostKeyLook look, ILogger<HostKeyGuard> logger)
{
    /// <summary>Null when a key is pinned. ssh itself then compares it, on every connection.</summary>
    public async Task<HostFault?> FindFaultAsync(SshEndpoint endpoint, SshOptions options, CancellationToken cancellationToken)
    {
        if (!(await known.ReadAsync(endpoint.KeyName, cancellationToken)).IsEmpty)
        {
            return null;
        }

        var (key, fault) = await look.TakeAsync(endpoint, options, cancellationToken);
        if (key is null || options.Trust is SshTrust.Ask)
        {
            return key is null ? fault : SshFaults.HostKeyUnknown(endpoint, key);
        }

        await known.PinAsync(endpoint.KeyName, key, cancellationToken);
        LogPinned(endpoint.Id.Value, key.Fingerprint);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pinned the host key of {Host} at first sight: {Fingerprint}")]
    private partial void LogPinned(string host, string fingerprint);
}
