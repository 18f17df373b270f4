using System.Net;
using System.Net.Sockets;

namespace Appliance.Security;

/// <summary>
/// Counts wrong keys per address. A good key is never refused for it, so nobody can be locked out by a stranger; a key cannot be guessed either, so this only
/// keeps a program that went astray from filling the log. Thread-safe.
/// </summary>
internal sealed class WrongKeys(TimeProvider time)
{
    internal const int MostPerMinute = 20;

    /// <summary>Addresses that are told apart; beyond it they are counted as one.</summary>
    private const int MostAddresses = 1_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, (long Since, int Count)> _byAddress = [];

    /// <summary>One more wrong key from an address: null while that is bearable, else how long to wait.</summary>
    public TimeSpan? Note(IPAddress? from)
    {
        lock (_gate)
        {
            var address = Network(from ?? IPAddress.None);
            if (!_byAddress.ContainsKey(address) && _byAddress.Count >= MostAddresses)
            {
                Forget_NeedsLock();
                address = _byAddress.Count >= MostAddresses ? IPAddress.Any : address;
            }

            var (since, count) = _byAddress.TryGetValue(address, out var known) && time.GetElapsedTime(known.Since) < Window ? known : (time.GetTimestamp(), 0);
            _byAddress[address] = (since, count + 1);
            return count < MostPerMinute ? null : Window - time.GetElapsedTime(since);
        }
    }

    internal int Addresses
    {
        get
        {
            lock (_gate)
            {
                return _byAddress.Count;
            }
        }
    }

    private void Forget_NeedsLock()
    {
        foreach (var (address, known) in _byAddress)
        {
            if (time.GetElapsedTime(known.Since) >= Window)
            {
                _byAddress.Remove(address);
            }
        }
    }

    /// <summary>A machine has as many IPv6 addresses as it likes within its network of 64 bits.</summary>
    private static IPAddress Network(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
