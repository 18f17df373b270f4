using System.Net;
using Appliance.Cluster.Primitives;

namespace Appliance.Gateway.Images;

/// <summary>How names become addresses, and which addresses may be called.</summary>
/// <param name="ResolveAsync">The addresses of a name; asked once for every connection.</param>
/// <param name="Allows">Whether an address may be called.</param>
internal sealed record ImageNetwork(Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync, Func<IPAddress, bool> Allows)
{
    /// <summary>The public internet, without the own networks.</summary>
    public static ImageNetwork Internet { get; } = new(
        (name, cancellationToken) => IPAddress.TryParse(name, out var literal) ? Task.FromResult<IPAddress[]>([literal]) : Dns.GetHostAddressesAsync(name, cancellationToken),
        address => AddressKinds.Of(address) == AddressKind.Public && !OwnNetworks.Contain(address));
}
