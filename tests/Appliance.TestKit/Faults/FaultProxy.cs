using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Appliance.TestKit.Faults;

/// <summary>
/// A TCP proxy on loopback that spoils what passes. Each exchange (what the client sends after the last answer, and the answer to it) has one fault, chosen by
/// the first bytes that the client sends.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly Func<ReadOnlyMemory<byte>, Toxic> _choose;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, byte> _relays = new();
    private readonly Task _loop;
    private CancellationTokenSource _up = new();
    private TimeSpan _downFor;
    private int _open;

    /// <param name="target">The loopback port behind it.</param>
    /// <param name="choose">The fault for an exchange that begins with these bytes.</param>
    public FaultProxy(int target, Func<ReadOnlyMemory<byte>, Toxic> choose)
    {
        (_target, _choose) = (target, choose);
        var first = Listen(0);
        Port = ((IPEndPoint)first.LocalEndPoint!).Port;
        _loop = AcceptAsync(first);
    }

    public int Port { get; }

    /// <summary>Connections that clients hold open now.</summary>
    public int Open => Volatile.Read(ref _open);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Volatile.Read(ref _up).CancelAsync();
        await _loop;
        await Task.WhenAll(_relays.Keys);
        _stopping.Dispose();
    }

    /// <summary>Refuses new connections for a while.</summary>
    internal void GoDown(TimeSpan duration)
    {
        _downFor = duration;
        Volatile.Read(ref _up).Cancel();
    }

    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen(512);
        return socket;
    }

    private async Task AcceptAsync(Socket first)
    {
        var listener = first;
        while (!_stopping.IsCancellationRequested)
        {
            using var up = new CancellationTokenSource();
            Volatile.Write(ref _up, up);
            try
            {
                while (!_stopping.IsCancellationRequested)
                {
                    Track(new FaultRelay(await listener.AcceptAsync(up.Token), _target, _choose, GoDown, _stopping.Token));
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                // Down for a while, or at the end of the test.
            }

            listener.Dispose();
            if (!_stopping.IsCancellationRequested)
            {
                await Task.Delay(_downFor, TimeProvider.System);
                listener = Listen(Port);
            }
        }

        listener.Dispose();
    }

    private void Track(FaultRelay relay)
    {
        foreach (var ended in _relays.Keys.Where(task => task.IsCompleted))
        {
            _relays.TryRemove(ended, out _);
        }

        _relays.TryAdd(CountAsync(relay), 0);
    }

    private async Task CountAsync(FaultRelay relay)
    {
        Interlocked.Increment(ref _open);
        try
        {
            await relay.RunAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
