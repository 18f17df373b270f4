using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Appliance.TestKit.Files;

namespace Appliance.Benchmarks.Starting;

/// <summary>Starts the published appliance as a person does, with an empty data folder and the demo cluster, and looks at its first page and its memory.</summary>
internal static class ColdStart
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    public static async Task<StartResult> MeasureAsync(string appliance)
    {
        using var data = new TemporaryFolder();
        var port = FindFreePort();
        var start = new ProcessStartInfo("dotnet", [appliance]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DATA_DIR"] = data.Path;
        start.Environment["PORT"] = $"{port}";
        start.Environment["DEMO"] = "1";

        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        // Its log is not of interest, but a full pipe would stop it.
        var log = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await WaitForFirstPageAsync(new Uri($"http://127.0.0.1:{port}/"), process, errors);
            var firstPage = Stopwatch.GetElapsedTime(started);
            await Task.Delay(s_idle, TimeProvider.System, CancellationToken.None);
            process.Refresh();
            return new StartResult(firstPage, process.WorkingSet64);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            await Task.WhenAll(log, errors);
        }
    }

    private static async Task WaitForFirstPageAsync(Uri page, Process process, Task<string> errors)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var timeout = new CancellationTokenSource(s_limit, TimeProvider.System);
        while (true)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The appliance ended with {process.ExitCode}: {await errors}");
            }

            try
            {
                using var response = await client.GetAsync(page, timeout.Token);
                response.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException e) when (e.StatusCode is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, timeout.Token);
            }
        }
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
