using System.Net;
using System.Net.Sockets;

namespace Appliance.Benchmarks.Servers;

/// <summary>
/// A port on which a connection is neither made nor refused, as of a machine that was switched off: it listens with the shortest line, which is full, and Linux
/// then drops further attempts.
/// </summary>
internal sealed class SwallowingPort : IDisposable
{
    /// <summary>More than a line of length 0 takes.</summary>
    private const int Waiting = 8;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket[] _waiting = [.. Enumerable.Range(0, Waiting).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false })];

    public SwallowingPort()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        foreach (var socket in _waiting)
        {
            try
            {
                socket.Connect(_listener.LocalEndPoint!);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // As meant: it waits.
            }
        }
    }

    public Uri Address => new($"http://{_listener.LocalEndPoint}/");

    /// <summary>An address at which connections are refused.</summary>
    public static Uri FindClosed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}/");
    }

    public void Dispose()
    {
        foreach (var socket in _waiting)
        {
            socket.Dispose();
        }

        _listener.Dispose();
    }
}
