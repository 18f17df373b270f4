using Appliance.Cluster.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Keys;

/// <summary>Reads the keys before the first request, and writes down their uses now and then and at the end.</summary>
internal sealed partial class KeyKeeper(KeyBook keys, TimeProvider time, ILogger<KeyKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
        {
            await WriteAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await WriteAsync(stoppingToken);
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keys.WriteUsesAsync(cancellationToken);
        }
        catch (StoreException problem)
        {
            NotWritten(problem);
        }
    }

    [LoggerMessage(LogLevel.Warning, "When keys were last used was not written down; it is shown until the next restart")]
    private partial void NotWritten(Exception problem);
}
