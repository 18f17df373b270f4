using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Appliance.TestKit.Files;

namespace Appliance.Benchmarks.Servers;

/// <summary>nginx as a plain reverse proxy that buffers nothing, where it is installed.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"];

    private readonly Process _process;
    private readonly TemporaryFolder _folder;

    private Nginx(Process process, TemporaryFolder folder, Uri address) => (_process, _folder, Address) = (process, folder, address);

    public static string? Program => Places.FirstOrDefault(File.Exists);

    public Uri Address { get; }

    public static async Task<Nginx> StartAsync(Uri upstream)
    {
        var folder = new TemporaryFolder();
        var port = FindFreePort();
        await File.WriteAllTextAsync(
            folder.File("nginx.conf"),
            $$"""
            worker_processes auto;
            pid {{folder.File("pid")}};
            error_log stderr crit;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path {{folder.File("body")}};
              proxy_temp_path {{folder.File("proxy")}};
              fastcgi_temp_path {{folder.File("fastcgi")}};
              uwsgi_temp_path {{folder.File("uwsgi")}};
              scgi_temp_path {{folder.File("scgi")}};
              client_max_body_size 0;
              keepalive_requests 1000000;
              upstream model { server {{upstream.Authority}}; keepalive 256; keepalive_requests 1000000; }
              server {
                listen 127.0.0.1:{{port}};
                location / {
                  proxy_pass http://model;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_buffering off;
                  proxy_request_buffering off;
                }
              }
            }
            """);
        var start = new ProcessStartInfo(Program!, ["-p", folder.Path, "-c", folder.File("nginx.conf"), "-g", "daemon off;"]) { UseShellExecute = false };
        var process = Process.Start(start)!;
        var address = new Uri($"http://127.0.0.1:{port}/");
        await WaitAsync(address, process);
        return new Nginx(process, folder, address);
    }

    public ProcessUse Use => new(_process.Id);

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static async Task WaitAsync(Uri address, Process process)
    {
        while (!process.HasExited)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address.Host, address.Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }

        throw new InvalidOperationException("nginx did not start.");
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
