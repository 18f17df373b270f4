using System.Net;
using System.Net.Sockets;
using Appliance.Cluster.Primitives;

namespace Appliance.Gateway.Images;

/// <summary>Opens the connection to a picture's server: one <see cref="JudgedConnection"/>, for which every address of the name has to be allowed.</summary>
internal sealed class ImageDialer(ImageNetwork network)
{
    /// <summary>Throws <see cref="ForbiddenAddressException"/> or <see cref="SocketException"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await FindAsync(context.DnsEndPoint.Host, cancellationToken);
        return await JudgedConnection.OpenAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
    }

    private async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await network.ResolveAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            throw new ForbiddenAddressException();
        }

        return addresses.Length > 0 && addresses.All(network.Allows) ? addresses : throw new ForbiddenAddressException();
    }
}
