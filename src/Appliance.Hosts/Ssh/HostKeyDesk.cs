using System.Collections.Immutable;
using Appliance.Cluster.Connectivity;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Hosts.Ssh;

/// <summary>Where a person looks at a host's key and confirms it (T-17). Thread-safe.</summary>
public sealed partial class HostKeyDesk : IHostTrust
{
    private readonly ITopology _topology;
    private readonly IOptionsMonitor<SshOptions> _options;
    private readonly SshKey _key;
    private readonly KnownHosts _known;
    private readonly HostKeyLook _look;
    private readonly SshConnections _connections;
    private readonly ILogger<HostKeyDesk> _logger;

    internal HostKeyDesk(
        ITopology topology,
        IOptionsMonitor<SshOptions> options,
        SshKey key,
        KnownHosts known,
        HostKeyLook look,
        SshConnections connections,
        ILogger<HostKeyDesk> logger) =>
        (_topology, _options, _key, _known, _look, _connections, _logger) = (topology, options, key, known, look, connections, logger);

    /// <inheritdoc/>
    public async Task<(string? PublicKey, HostFault? Fault)> ReadPublicKeyAsync(CancellationToken cancellationToken)
    {
        if (await _key.FindFaultAsync(cancellationToken) is { } fault)
        {
            return (null, fault);
        }

        try
        {
            return (await _key.ReadPublicKeyAsync(cancellationToken), null);
        }
        catch (InvalidOperationException exception)
        {
            return (null, new HostFault(HostFaultKind.KeyUnusable, exception.Message));
        }
    }

    /// <inheritdoc/>
    public async Task<(ShownHostKey? Key, HostFault? Fault)> LookAsync(HostId host, CancellationToken cancellationToken)
    {
        var (key, fault) = await ReadShownAsync(host, cancellationToken);
        return key is null ? (null, fault) : (new ShownHostKey(key.Fingerprint, (await ReadConfirmedAsync(host, cancellationToken)).Contains(key)), null);
    }

    /// <summary>The key that the host shows now, or why it could not be asked. Exactly one of the two is null.</summary>
    public async Task<(HostKey? Key, HostFault? Fault)> ReadShownAsync(HostId host, CancellationToken cancellationToken) =>
        Find(host) switch
        {
            ({ } endpoint, _) => await _look.TakeAsync(endpoint, _options.CurrentValue, cancellationToken),
            (_, var fault) => (null, fault),
        };

    /// <summary>The keys that were confirmed for the host; empty when none was.</summary>
    public async Task<ImmutableArray<HostKey>> ReadConfirmedAsync(HostId host, CancellationToken cancellationToken) =>
        Find(host).Endpoint is { } endpoint ? await _known.ReadAsync(endpoint.KeyName, cancellationToken) : [];

    /// <summary>
    /// Pins the key with that fingerprint in place of an earlier one, and drops the connection made under the earlier one. The host is asked again:
    /// when it now shows another key, nothing is pinned and the fault says so. Null means done.
    /// </summary>
    public async Task<HostFault?> ConfirmAsync(HostId host, string fingerprint, CancellationToken cancellationToken)
    {
        var (endpoint, fault) = Find(host);
        if (endpoint is null)
        {
            return fault;
        }

        var (key, noKey) = await _look.TakeAsync(endpoint, _options.CurrentValue, cancellationToken);
        if (key is null)
        {
            return noKey;
        }

        if (key.Fingerprint != fingerprint)
        {
            return SshFaults.HostKeyUnknown(endpoint, key);
        }

        await _known.PinAsync(endpoint.KeyName, key, cancellationToken);
        LogConfirmed(host.Value, fingerprint);
        await RetryAsync(host, cancellationToken);
        return null;
    }

    /// <summary>Drops the host's connection and forgets earlier refusals, so that the next command connects at once: for a "test again" button.</summary>
    public async Task RetryAsync(HostId host, CancellationToken cancellationToken)
    {
        if (await _connections.FindAsync(host, cancellationToken) is (not null and var connection, _))
        {
            connection.ForgetRefusals();
            await connection.CloseAsync(cancellationToken);
        }
    }

    private (SshEndpoint? Endpoint, HostFault? Fault) Find(HostId host)
    {
        if (_topology.Current.FindHost(host) is not { } definition)
        {
            return (null, SshFaults.NotDefined(host));
        }

        return definition.IsOnlyWatched ? (null, SshFaults.OnlyWatched(definition))
            : SshEndpoint.TryCreate(definition) is { } endpoint ? (endpoint, null) : (null, SshFaults.NotValid(definition));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The host key of {Host} was confirmed: {Fingerprint}")]
    private partial void LogConfirmed(string host, string fingerprint);
}
