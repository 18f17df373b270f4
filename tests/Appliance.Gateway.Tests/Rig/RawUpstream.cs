using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Appliance.Gateway.Tests.Rig;

/// <summary>A server made of a socket: after one whole request it writes exactly these bytes and then does what the test says.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<Socket, Task> _answer;
    private readonly Task _loop;

    public RawUpstream(Func<Socket, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Writes the bytes and closes in order.</summary>
    public static RawUpstream Saying(string answer) => new(async socket =>
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(answer));
        socket.Shutdown(SocketShutdown.Both);
    });

    /// <summary>Writes a part, waits, writes the rest, and closes in order or with a reset.</summary>
    public static RawUpstream Saying(string first, Task wait, string rest, bool reset) => new(async socket =>
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(first));
        await wait;
        await socket.SendAsync(Encoding.UTF8.GetBytes(rest));
        if (reset)
        {
            socket.LingerState = new LingerOption(enable: true, 0);
        }
        else
        {
            socket.Shutdown(SocketShutdown.Both);
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _loop;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                await ReadRequestAsync(socket);
                await _answer(socket);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The test ended, or the gateway hung up first.
            }
        }
    }

    private async Task ReadRequestAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, _stopping.Token);
            if (read == 0)
            {
                return;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var head = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0)
            {
                var length = text.ToString().Split("\r\n").Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Select(line => int.Parse(line[15..].Trim(), null)).FirstOrDefault();
                if (text.Length - head - 4 >= length)
                {
                    return;
                }
            }
        }
    }
}
