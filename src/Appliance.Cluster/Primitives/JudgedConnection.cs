using System.Net;
using System.Net.Sockets;

namespace Appliance.Cluster.Primitives;

/// <summary>
/// Connects to addresses that were judged (threat T-07): whoever dials a name that a stranger may have chosen resolves it once, judges every address, and
/// dials these very addresses. A name that points elsewhere a moment later changes nothing.
/// </summary>
public static class JudgedConnection
{
    /// <summary>A connection to the first of the addresses that answers. Throws <see cref="SocketException"/> when none does.</summary>
    public static async ValueTask<Stream> OpenAsync(IPAddress[] judged, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(judged, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
