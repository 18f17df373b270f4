using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;

namespace Appliance.Hosts.Ssh;

/// <summary>Where and as whom to log in, of characters that mean nothing to ssh or its configuration file (T-03).</summary>
internal sealed partial record SshEndpoint
{
    private SshEndpoint(HostId id, string name, string address, string user, int port) =>
        (Id, Name, Address, User, Port) = (id, name, address, user, port);

    public HostId Id { get; }

    /// <summary>The name people see.</summary>
    public string Name { get; }

    public string Address { get; }

    public string User { get; }

    public int Port { get; }

    /// <summary>The name under which the host's key is kept: OpenSSH's own form, so that a person can read and edit the file.</summary>
    public string KeyName => Port == 22 ? Address : $"[{Address}]:{Port}";

    /// <summary>Whether the address needs no look-up.</summary>
    public bool IsLiteral => IsDottedQuad(Address);

    /// <summary>Null for values that ssh could misread.</summary>
    public static SshEndpoint? TryCreate(HostDefinition host)
    {
        var ok = IsAddress(host.Address) && UserGrammar().IsMatch(host.User) && host.Port is > 0 and <= 65535 && Slug.IsValid(host.Id.Value);
        return ok ? new SshEndpoint(host.Id, host.Name, host.Address, host.User, host.Port) : null;
    }

    /// <summary>
    /// The address to connect to, IPv4 first: asking for both families stalls for seconds on <c>.local</c> names (F-35). Null when the name is unknown.
    /// </summary>
    public async Task<string?> ResolveAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (IsLiteral)
        {
            return Address;
        }

        foreach (var family in (AddressFamily[])[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            try
            {
                var found = await Dns.GetHostAddressesAsync(Address, family, cancellationToken).WaitAsync(limit, time, cancellationToken);
                if (found.Length > 0)
                {
                    return found[0].ToString();
                }
            }
            catch (Exception e) when (e is SocketException or TimeoutException)
            {
                // Unknown in this family; the caller reports a name that is unknown in both.
            }
        }

        return null;
    }

    private static bool IsAddress(string address) =>
        address.Length <= 253 && (IsDottedQuad(address) || NameGrammar().IsMatch(address));

    // IPAddress.TryParse reads 010.0.0.1 as octal (reliability.md 0.1 r): only the form that reads the same both ways.
    private static bool IsDottedQuad(string address) =>
        IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() == address;

    // The last label begins with a letter: the system's resolver reads 0x7f.1 and 2130706433 as addresses.
    [GeneratedRegex(@"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NameGrammar();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.-]{0,31}\z", RegexOptions.NonBacktracking)]
    private static partial Regex UserGrammar();
}
