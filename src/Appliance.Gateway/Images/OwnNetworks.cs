using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Appliance.Cluster.Primitives;

namespace Appliance.Gateway.Images;

/// <summary>The networks that this machine stands in: with IPv6 the machines at home have public addresses too.</summary>
internal static class OwnNetworks
{
    /// <summary>The usual size of what a provider gives to one home (RFC 6177).</summary>
    private const int Home6 = 48;

    /// <summary>Whether an address, however it is written, is in one of them as they are now.</summary>
    public static bool Contain(IPAddress address)
    {
        var plain = AddressKinds.WithoutWrapping(address);
        return NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Any(own => IsNear(plain, own));
    }

    private static bool IsNear(IPAddress address, UnicastIPAddressInformation own) =>
        AddressPrefix.IsShared(address, own.Address, address.AddressFamily == AddressFamily.InterNetworkV6 ? Math.Min(Home6, own.PrefixLength) : own.PrefixLength);
}
