using System.Net;
using System.Net.Sockets;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Webhooks;

/// <summary>
/// Opens the connection to a receiver: one <see cref="JudgedConnection"/> (threat T-07).
/// </summary>
/// <remarks>
/// The home network is allowed, because receivers live there. Loopback and the networks of this machine's containers are allowed only when the address was
/// set as an environment key: who sets that owns the machine already, while the settings page is open to everybody at home, and what listens on loopback
/// trusts who comes from there.
/// </remarks>
internal sealed class WebhookDialer(WebhookBounds bounds, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Set on a request whose address comes from the environment.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsOfTheEnvironment = new("webhook.environment");

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>. Throws <see cref="ForbiddenAddressException"/> when no address may be dialled.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        context.InitialRequestMessage.Options.TryGetValue(IsOfTheEnvironment, out var isOfTheEnvironment);
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellationToken);

        // IPv4 first: the usual receiver at home has nothing else, and .local names answer with IPv6 first (F-35).
        IPAddress[] allowed = [.. found.Where(address => IsAllowed(address, port, isOfTheEnvironment)).OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6)];
        if (allowed.Length == 0)
        {
            throw new ForbiddenAddressException(found.Length == 0 ? null : found[0]);
        }

        return await JudgedConnection.OpenAsync(allowed, port, cancellationToken);
    }

    private bool IsAllowed(IPAddress address, int port, bool isOfTheEnvironment)
    {
        var plain = AddressKinds.WithoutWrapping(address);
        return !bounds.IsOurselves(new IPEndPoint(plain, port)) && AddressKinds.Of(address) switch
        {
            AddressKind.Never => false,
            AddressKind.OwnMachine => isOfTheEnvironment,
            _ => isOfTheEnvironment || !ContainerNetworks.Contains(plain),
        };
    }
}
