using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;

namespace Appliance.Security;

/// <summary>
/// The names under which this appliance may be called. A page of a foreign site whose name was re-pointed at our address
/// (DNS rebinding) is same-origin for the browser; only the name in the <c>Host</c> header gives it away.
/// </summary>
internal sealed class HostAllowList
{
    private readonly AllowedHosts _added;
    private readonly OwnAddresses _own;
    private readonly bool _portsAreMapped;
    private readonly FrozenSet<string> _names;

    public HostAllowList(AllowedHosts added, OwnAddresses own, string machineName, bool portsAreMapped)
    {
        _added = added;
        _own = own;
        _portsAreMapped = portsAreMapped;
        var machine = machineName.ToLowerInvariant();
        _names = FrozenSet.Create("localhost", machine, $"{machine}.local");
    }

    public bool Allows(Authority host, int localPort)
    {
        if (_added.Current.Any(added => IsSameName(added, host) && (added.Port is null || added.Port == host.Port)))
        {
            return true;
        }

        var portIsOurs = host.Port is null || host.Port == localPort || _portsAreMapped;
        return portIsOurs && (host.Address is { } address ? IsOwn(address) : _names.Contains(host.Name));
    }

    // Inside a container the machine's own address and port are not visible, so `-p 80:9999` on 192.168.1.20 would lock its
    // owner out. A literal address cannot be re-pointed by DNS: private ones are taken there, names are not.
    private bool IsOwn(IPAddress address) => _own.Contains(address) || (_portsAreMapped && IsPrivate(address));

    private static bool IsSameName(Authority left, Authority right) =>
        left.Address is not null ? left.Address.Equals(right.Address) : left.Name == right.Name;

    private static bool IsPrivate(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        }

        var bytes = address.GetAddressBytes();
        return (bytes[0], bytes[1]) switch
        {
            (10, _) or (192, 168) or (169, 254) => true,
            (172, >= 16 and <= 31) => true,
            // RFC 6598, what VPNs such as Tailscale hand out.
            (100, >= 64 and <= 127) => true,
            _ => false,
        };
    }
}
