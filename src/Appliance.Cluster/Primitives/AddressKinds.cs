using System.Net;
using System.Net.Sockets;

namespace Appliance.Cluster.Primitives;

/// <summary>Sorts IP addresses by what may be behind them (threat T-07), whatever their spelling: an IPv4 address inside an IPv6 one is taken out first. Pure.</summary>
public static class AddressKinds
{
    // Ranges by the IANA special-purpose registries; single ones are the metadata services of clouds.
    private static readonly IPNetwork[] Forbidden =
    [
        .. new[]
        {
            "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4", "100.100.100.200/32", "168.63.129.16/32",
            "::/128", "64:ff9b:1::/48", "100::/64", "2001::/32", "fd00:ec2::254/128", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork[] Loopback = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    // Of IPv6 only what is given out to the public counts as public, without those parts of it that carry an IPv4 address.
    private static readonly IPNetwork GivenOut6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>The kind of an address.</summary>
    public static AddressKind Of(IPAddress address)
    {
        var plain = WithoutWrapping(address);
        return IsIn(Forbidden, plain) ? AddressKind.Never
            : IsIn(Loopback, plain) ? AddressKind.OwnMachine
            : IsPublic(address) ? AddressKind.Public
            : AddressKind.Home;
    }

    /// <summary>The IPv4 address that an IPv6 one leads to: mapped, compatible, NAT64 or 6to4.</summary>
    public static IPAddress WithoutWrapping(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        return address switch
        {
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
            _ when Begins(bytes, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0) => new IPAddress(bytes.AsSpan(12)),
            _ when Begins(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) && (bytes[12] | bytes[13] | bytes[14]) != 0 => new IPAddress(bytes.AsSpan(12)),
            _ when Begins(bytes, 0x20, 0x02) => new IPAddress(bytes.AsSpan(2, 4)),
            _ => new IPAddress(bytes),
        };
    }

    private static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || GivenOut6.Contains(plain)) && !IsIn(NotPublic, plain);
    }

    private static bool IsIn(IPNetwork[] ranges, IPAddress address) => Array.Exists(ranges, range => range.Contains(address));

    private static bool Begins(byte[] bytes, params ReadOnlySpan<byte> prefix) => bytes.AsSpan().StartsWith(prefix);
}
