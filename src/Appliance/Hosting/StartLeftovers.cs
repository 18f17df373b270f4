namespace Appliance.Hosting;

/// <summary>
/// Gives back, once, the memory that only the start needed: the collector keeps it otherwise until something else wants it, and a small process that mostly
/// waits never wants it.
/// </summary>
internal sealed class StartLeftovers(TimeProvider time) : BackgroundService
{
    /// <summary>The first page is out and the machines were looked at once; nobody notices a pause of a few milliseconds.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Settled, time, stoppingToken);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
