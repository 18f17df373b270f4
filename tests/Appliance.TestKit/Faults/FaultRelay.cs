using System.Net;
using System.Net.Sockets;

namespace Appliance.TestKit.Faults;

/// <summary>One connection through a <see cref="FaultProxy"/>.</summary>
internal sealed class FaultRelay(Socket client, int target, Func<ReadOnlyMemory<byte>, Toxic> choose, Action<TimeSpan> goDown, CancellationToken stopping)
{
    private const int Piece = 16 * 1024;

    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private volatile Toxic? _toxic;
    private volatile bool _hasAnswered = true;
    private int _answered;

    /// <summary>Ends when both sides are closed.</summary>
    public async Task RunAsync()
    {
        try
        {
            client.NoDelay = _server.NoDelay = true;
            await _server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target), _end.Token);
            await Task.WhenAny(RequestsAsync(), AnswersAsync());
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other side of a fault, or the end of the test.
        }
        finally
        {
            await _end.CancelAsync();
            client.Dispose();
            _server.Dispose();
        }
    }

    private async Task RequestsAsync()
    {
        var buffer = new byte[Piece];
        while (await ReceiveAsync(client, buffer) is > 0 and var read)
        {
            if (_hasAnswered)
            {
                _answered = 0;
                _hasAnswered = false;
                _toxic = choose(buffer.AsMemory(0, read));
            }

            if (_toxic is Toxic.Down down)
            {
                goDown(down.For);
                return;
            }

            if (!await SendAsync(_server, buffer.AsMemory(0, read)))
            {
                return;
            }
        }
    }

    private async Task AnswersAsync()
    {
        var buffer = new byte[Piece];
        while (await ReceiveAsync(_server, buffer) is > 0 and var read)
        {
            _hasAnswered = true;
            if (!await PassAsync(buffer.AsMemory(0, read)))
            {
                return;
            }
        }

        if (_toxic is Toxic.SlowClose slow)
        {
            await PauseAsync(slow.Delay);
        }
    }

    /// <summary>False when the connection is to end.</summary>
    private async Task<bool> PassAsync(ReadOnlyMemory<byte> bytes)
    {
        switch (_toxic)
        {
            case Toxic.Latency late:
                await PauseAsync(late.Delay);
                return await SendAsync(client, bytes);
            case Toxic.Bandwidth slow:
                await PauseAsync(TimeSpan.FromSeconds((double)bytes.Length / slow.BytesPerSecond));
                return await SendAsync(client, bytes);
            case Toxic.BlackHole:
                return true;
            case Toxic.Slicer slicer:
                return await SliceAsync(bytes, slicer.Bytes);
            case Toxic.LimitData limit:
                return await SendUpToAsync(bytes, limit.Bytes);
            case Toxic.ResetPeer reset when !await SendUpToAsync(bytes, reset.Bytes):
                client.LingerState = new LingerOption(enable: true, 0);
                return false;
            case Toxic.ResetPeer:
                return true;
            default:
                return await SendAsync(client, bytes);
        }
    }

    private async Task<bool> SliceAsync(ReadOnlyMemory<byte> bytes, int size)
    {
        for (var at = 0; at < bytes.Length; at += size)
        {
            if (!await SendAsync(client, bytes[at..Math.Min(at + size, bytes.Length)]))
            {
                return false;
            }

            await Task.Yield();
        }

        return true;
    }

    private async Task<bool> SendUpToAsync(ReadOnlyMemory<byte> bytes, int most)
    {
        var left = most - _answered;
        _answered += bytes.Length;
        return await SendAsync(client, bytes.Length <= left ? bytes : bytes[..Math.Max(0, left)]) && bytes.Length <= left;
    }

    private Task PauseAsync(TimeSpan duration) => Task.Delay(duration, TimeProvider.System, _end.Token);

    private async Task<int> ReceiveAsync(Socket socket, byte[] buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, _end.Token);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private async Task<bool> SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, _end.Token)..];
            }

            return true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }
}
