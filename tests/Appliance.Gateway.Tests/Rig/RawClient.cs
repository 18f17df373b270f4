using System.Net.Sockets;
using System.Text;
using Appliance.TestKit.Time;

namespace Appliance.Gateway.Tests.Rig;

/// <summary>A client made of a socket: sees every byte, and leaves as rudely as the test wants.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly StringBuilder _seen = new();

    /// <summary>All that was read so far.</summary>
    public string Seen => _seen.ToString();

    public static async Task<RawClient> ConnectAsync(Uri address)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(address.Host, address.Port).DefaultTimeout();
        return client;
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text)).DefaultTimeout();

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes).AsTask().DefaultTimeout();

    /// <param name="path">The path.</param>
    /// <param name="body">The body, JSON.</param>
    /// <param name="closes">Whether the other side is to close the connection after its answer.</param>
    public Task PostAsync(string path, string body, bool closes = false) =>
        SendAsync($"POST {path} HTTP/1.1\r\nHost: gateway\r\n{(closes ? "Connection: close\r\n" : string.Empty)}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Reads until the text was seen; all that was seen so far.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        while (!_seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            if (!await ReadSomeAsync())
            {
                throw new EndOfStreamException($"The connection ended before '{text}'. Seen: {_seen}");
            }
        }

        return _seen.ToString();
    }

    /// <summary>Reads until the other side closes; a reset counts as closed.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadSomeAsync())
        {
        }

        return _seen.ToString();
    }

    /// <summary>Sends chunks until so many bytes went out or the other side no longer takes any; then reads until the text was seen.</summary>
    public async Task<string> SendEndlessAsync(string beginning, long atLeast, string until)
    {
        const int Piece = 64 * 1024;
        var reading = ReadUntilAsync(until);
        try
        {
            await SendAsync($"{Encoding.UTF8.GetByteCount(beginning):x}\r\n{beginning}\r\n");
            var chunk = Encoding.ASCII.GetBytes($"{Piece:x}\r\n{new string('x', Piece)}\r\n");
            for (var sent = 0L; sent < atLeast && !reading.IsCompleted; sent += Piece)
            {
                await _socket.SendAsync(chunk).DefaultTimeout();
            }
        }
        catch (SocketException)
        {
            // It hung up on us in the middle, which is its right; its answer was sent before.
        }

        return await reading;
    }

    /// <summary>Reads what comes next; false when the other side has closed.</summary>
    public Task<bool> ReadMoreAsync() => ReadSomeAsync();

    /// <summary>Says that nothing more will be sent, and stays to listen.</summary>
    public void StopSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReadSomeAsync()
    {
        var buffer = new byte[8192];
        try
        {
            var read = await _socket.ReceiveAsync(buffer).DefaultTimeout();
            _seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
            return read > 0;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return false;
        }
    }
}
