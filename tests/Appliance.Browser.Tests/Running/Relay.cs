using System.Net;
using System.Net.Sockets;

namespace Appliance.Browser.Tests.Running;

/// <summary>A wire between browser and server that can be cut: open connections end, new ones are refused until it is mended.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly List<Task> _tasks = [];
    private TcpListener? _listener;
    private int _port;

    public Relay(Uri server)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        Mend();
    }

    public Uri Address => new($"http://127.0.0.1:{_port}/");

    public void Cut()
    {
        lock (_gate)
        {
            _listener?.Stop();
            _listener = null;
            foreach (var socket in _open)
            {
                socket.Close(0);
            }

            _open.Clear();
        }
    }

    public void Mend()
    {
        lock (_gate)
        {
            _listener = new TcpListener(IPAddress.Loopback, _port);
            _listener.Start();
            _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _tasks.Add(AcceptAsync(_listener));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Cut();
        await Task.WhenAll(_tasks);
        _closing.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(_closing.Token);
                lock (_gate)
                {
                    _tasks.Add(PassAsync(client));
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It was cut or closed.
        }
    }

    private async Task PassAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            lock (_gate)
            {
                _open.Add(client);
                _open.Add(server);
            }

            await server.ConnectAsync(_server, _closing.Token);
            await using var near = new NetworkStream(client);
            await using var far = new NetworkStream(server);
            await Task.WhenAny(near.CopyToAsync(far, _closing.Token), far.CopyToAsync(near, _closing.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One end is gone, or it was cut.
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(client);
                _open.Remove(server);
            }

            client.Dispose();
            server.Dispose();
        }
    }
}
