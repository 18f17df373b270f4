using System.Net;
using System.Net.Sockets;

namespace Appliance.Gateway.Images;

/// <summary>
/// Which IP addresses belong to the public internet (threat T-07). Of IPv6 only what is given out to the public is let through, which leaves out every way of
/// writing an IPv4 address into an IPv6 one. Ranges by the IANA special-purpose registries. Pure.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork GivenOut6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || GivenOut6.Contains(plain)) && !Array.Exists(NotPublic, range => range.Contains(plain));
    }
}
