using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Appliance.Cluster.Topology;

/// <summary>
/// The grammars of what becomes part of an SSH command or a URL (threat T-03): nothing here can begin with a hyphen, hold a blank or climb out of its place.
/// </summary>
internal static partial class TopologyWords
{
    /// <summary>An IPv4 literal in plain decimal, or a DNS name.</summary>
    public static bool IsAddress(string text)
    {
        if (text.Length is 0 or > 253)
        {
            return false;
        }

        // A name whose last label is a number is read as an address by resolvers ("10.1" is 10.0.0.1), so it must really be one.
        return char.IsAsciiDigit(text[(text.LastIndexOf('.') + 1)..].FirstOrDefault('-')) && LooksNumeric().IsMatch(text)
            ? IPAddress.TryParse(text, out var ip) && ip.AddressFamily == AddressFamily.InterNetwork && ip.ToString() == text
            : DnsName().IsMatch(text);
    }

    /// <summary>A login name as Linux distributions make them.</summary>
    public static bool IsUser(string text) => User().IsMatch(text);

    /// <summary>A container's name, as Docker allows it.</summary>
    public static bool IsContainer(string text) => Container().IsMatch(text);

    /// <summary>An image's name.</summary>
    public static bool IsImage(string text) => Image().IsMatch(text);

    /// <summary>A path on our side of a health check: absolute, nothing that changes its meaning in a URL.</summary>
    public static bool IsHealthPath(string text) => HealthPath().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal) && !text.Contains("//", StringComparison.Ordinal);

    /// <summary>A name for people: one line.</summary>
    public static bool IsTitle(string text) => text.Length is > 0 and <= 80 && !text.Any(char.IsControl);

    [GeneratedRegex(@"^([0-9]+|0[xX][0-9a-fA-F]+)(\.([0-9]+|0[xX][0-9a-fA-F]+))*\z", RegexOptions.NonBacktracking)]
    private static partial Regex LooksNumeric();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex DnsName();

    [GeneratedRegex(@"^[a-z_][a-z0-9_.-]{0,31}\z", RegexOptions.NonBacktracking)]
    private static partial Regex User();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Container();

    [GeneratedRegex(@"^[a-z0-9][A-Za-z0-9._/:@-]{0,254}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Image();

    [GeneratedRegex(@"^/[A-Za-z0-9._~/-]{0,199}\z", RegexOptions.NonBacktracking)]
    private static partial Regex HealthPath();
}
