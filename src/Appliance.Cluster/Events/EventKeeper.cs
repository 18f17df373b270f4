using Appliance.Cluster.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Events;

/// <summary>Shows the newest events when the appliance starts, and keeps the log at its size.</summary>
internal sealed partial class EventKeeper(EventLog log, TimeProvider time, ILogger<EventKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await log.PublishNewestAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await log.TrimAsync(EventLog.Kept, stoppingToken);
            }
            catch (StoreException problem)
            {
                NotTrimmed(problem);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "Old events were not removed, the next try is in an hour")]
    private partial void NotTrimmed(Exception problem);
}
