using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Hosts.Ssh;

/// <summary>One shared connection per defined host. A host whose address, user or port was edited gets a new one.</summary>
internal sealed class SshConnections(
    ITopology topology, IOptionsMonitor<SshOptions> options, SshRuntime runtime, SshKey key, HostKeyGuard guard, TimeProvider time, ILoggerFactory loggers)
    : IAsyncDisposable
{
    private readonly Dictionary<HostId, SshConnection> _open = [];
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isSwept;

    /// <summary>The host's connection, not necessarily open; or why there is none.</summary>
    public async Task<(SshConnection? Connection, HostFault? Fault)> FindAsync(HostId host, CancellationToken cancellationToken)
    {
        if (topology.Current.FindHost(host) is not { } definition)
        {
            return (null, SshFaults.NotDefined(host));
        }

        if (definition.IsOnlyWatched)
        {
            return (null, SshFaults.OnlyWatched(definition));
        }

        if (SshEndpoint.TryCreate(definition) is not { } endpoint)
        {
            return (null, SshFaults.NotValid(definition));
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_isSwept)
            {
                await runtime.SweepAsync(cancellationToken);
                _isSwept = true;
            }

            return (await GetAsync_NeedsTurn(endpoint, cancellationToken), null);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_open.Values.Select(connection => connection.DisposeAsync().AsTask()));
        _turn.Dispose();
    }

    private async Task<SshConnection> GetAsync_NeedsTurn(SshEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (_open.TryGetValue(endpoint.Id, out var existing))
        {
            if (existing.Endpoint == endpoint)
            {
                return existing;
            }

            // Not disposed of: commands that still run on it end as lost and leave its gate themselves.
            await existing.CloseAsync(cancellationToken);
        }

        var connection = new SshConnection(endpoint, options.CurrentValue, runtime, key, guard, time, loggers.CreateLogger<SshConnection>());
        _open[endpoint.Id] = connection;
        return connection;
    }
}
