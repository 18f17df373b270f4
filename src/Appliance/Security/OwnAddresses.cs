using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;

namespace Appliance.Security;

/// <summary>
/// The addresses of this machine's network interfaces. Read again when an unknown address is asked for, at most once in
/// <see cref="Pause"/>: a laptop that changes the network or a VPN that comes up later is known at the first request.
/// </summary>
internal sealed class OwnAddresses(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private FrozenSet<IPAddress> _known = Read();
    private long _readAt = time.GetTimestamp();

    public bool Contains(IPAddress address)
    {
        if (Volatile.Read(ref _known).Contains(address))
        {
            return true;
        }

        lock (_gate)
        {
            if (time.GetElapsedTime(_readAt) >= Pause)
            {
                _readAt = time.GetTimestamp();
                Volatile.Write(ref _known, Read());
            }

            return _known.Contains(address);
        }
    }

    private static FrozenSet<IPAddress> Read() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => WithoutScope(unicast.Address))
            .Concat([IPAddress.Loopback, IPAddress.IPv6Loopback])
            .ToFrozenSet();

    // A Host header cannot carry the zone of fe80::1%eth0.
    private static IPAddress WithoutScope(IPAddress address) => new(address.GetAddressBytes());
}
