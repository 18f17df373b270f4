using Appliance.Cluster.Connectivity;
using Appliance.Cluster.Discovery;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;

namespace Appliance.Setup;

/// <summary>A person confirms a machine, by the page or by the API; afterwards the machine is looked at without waiting for its turn.</summary>
internal sealed class HostConfirmation(IHostTrust trust, HostCalls calls, ModelDiscovery discovery)
{
    /// <summary>Null means done.</summary>
    public async Task<HostFault?> ConfirmAsync(HostId host, string fingerprint, CancellationToken cancellationToken)
    {
        if (await trust.ConfirmAsync(host, fingerprint, cancellationToken) is { } fault)
        {
            return fault;
        }

        calls.LookNow(host);
        await discovery.RefreshAsync(cancellationToken);
        return null;
    }
}
