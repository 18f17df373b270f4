using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Appliance.Security;

/// <summary>
/// The host and port of a <c>Host</c> or <c>Origin</c> header, in the one spelling that browsers send. Anything else
/// (a trailing dot, user info, an address with leading zeros or in hex) does not parse and is therefore foreign.
/// </summary>
internal sealed record Authority(string Name, int? Port, IPAddress? Address)
{
    public static Authority? TryParse(string text)
    {
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        var host = end < 0 ? text : text[..end];
        var rest = end < 0 ? "" : text[end..];
        if (!TryParsePort(rest, out var port) || host.Length is 0 or > 253)
        {
            return null;
        }

        if (host[0] == '[')
        {
            return IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6 && !host.Contains('%')
                ? new Authority($"[{v6}]", port, v6)
                : null;
        }

        if (!host.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') || host[^1] == '.')
        {
            return null;
        }

        if (!IPAddress.TryParse(host, out var address))
        {
            return new Authority(host.ToLowerInvariant(), port, null);
        }

        // "010.0.0.1" parses as 8.0.0.1 and "2130706433" as 127.0.0.1: only the canonical text is an address.
        return address.ToString() == host ? new Authority(host, port, address) : null;
    }

    /// <summary>Whether both name the same place, where an absent port means the usual one of the scheme.</summary>
    public bool IsSamePlace(Authority other, int usualPort) =>
        (Port ?? usualPort) == (other.Port ?? usualPort)
        && (Address is not null ? Address.Equals(other.Address) : Name == other.Name);

    private static bool TryParsePort(string text, out int? port)
    {
        port = null;
        if (text.Length == 0)
        {
            return true;
        }

        if (text[0] != ':' || text.Length is < 2 or > 6 || text[1] == '0'
            || !int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 65535)
        {
            return false;
        }

        port = number;
        return true;
    }
}
