using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Appliance.Gateway.Images;

/// <summary>The networks that this machine stands in: with IPv6 the machines at home have public addresses too.</summary>
internal static class OwnNetworks
{
    /// <summary>The usual size of what a provider gives to one home (RFC 6177).</summary>
    private const int Home6 = 48;

    public static bool Contain(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Any(own => IsNear(address, own));

    private static bool IsNear(IPAddress address, UnicastIPAddressInformation own)
    {
        if (own.Address.AddressFamily != address.AddressFamily)
        {
            return false;
        }

        var length = address.AddressFamily == AddressFamily.InterNetworkV6 ? Math.Min(Home6, own.PrefixLength) : own.PrefixLength;
        return Bits(address, length).SequenceEqual(Bits(own.Address, length));
    }

    private static byte[] Bits(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - kept));
        }

        return bytes;
    }
}
