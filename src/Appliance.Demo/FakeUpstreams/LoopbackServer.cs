using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>
/// A real Kestrel listener on a port that stays ours while it is closed. The reservation is a second socket that is bound but does not listen, so the
/// kernel refuses connections at once and gives the port to nobody else. Thread-safe.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly IPAddress _address;
    private readonly Action<WebApplication> _map;
    private readonly Socket _reservation;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private WebApplication? _app;

    private LoopbackServer(IPAddress address, Action<WebApplication> map, Socket reservation)
    {
        _address = address;
        _map = map;
        _reservation = reservation;
        Port = ((IPEndPoint)reservation.LocalEndPoint!).Port;
    }

    public int Port { get; }

    public bool IsOpen => _app is not null;

    public static LoopbackServer Reserve(IPAddress address, Action<WebApplication> map)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // .NET sets SO_REUSEADDR before every bind of TCP, which lets the listener bind beside a socket that does not listen.
            socket.Bind(new IPEndPoint(address, 0));
            return new LoopbackServer(address, map, socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await StopAsync_NeedsGate();
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
                kestrel.Listen(_address, Port);
            });
            builder.Services.AddRoutingCore();
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
            var app = builder.Build();
            app.UseRouting();
            _map(app);
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }

            _app = app;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes the listener and cuts every connection, as a stopped container does.</summary>
    public async Task CloseAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            await StopAsync_NeedsGate();
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _reservation.Dispose();
        _gate.Dispose();
    }

    private async Task StopAsync_NeedsGate()
    {
        if (_app is not { } app)
        {
            return;
        }

        _app = null;
        await app.Services.GetRequiredService<IServer>().StopAsync(new CancellationToken(canceled: true));
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }

    /// <summary>The process's signals belong to the program, not to a stand-in inside it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
