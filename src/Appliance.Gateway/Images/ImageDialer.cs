using System.Net;
using System.Net.Sockets;

namespace Appliance.Gateway.Images;

/// <summary>Connects to what was checked: the name is resolved once, every address of it has to be allowed, and one of these very addresses is dialled.</summary>
internal sealed class ImageDialer(ImageNetwork network)
{
    /// <summary>Throws <see cref="ForbiddenAddressException"/> or <see cref="SocketException"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await FindAsync(context.DnsEndPoint.Host, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
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
