using Appliance.Cluster.Keys;

namespace Appliance.Security;

/// <summary>
/// Live connections of pages. They outlast the moment in which they were let in, so they are looked at again: after its key was revoked, or after keys were
/// asked for, a page loses its connection within <see cref="Pause"/>.
/// </summary>
internal sealed class OpenPages(KeyBook keys, BrowserPass pass, TimeProvider time)
{
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Whether the request is a page's connection for clicks and pictures, not the page itself.</summary>
    public static bool IsLive(HttpContext context) => context.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase);

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var watch = WatchAsync(context, ended.Token);
        try
        {
            await next(context);
        }
        finally
        {
            await ended.CancelAsync();
            await watch;
        }
    }

    private async Task WatchAsync(HttpContext context, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                if (KeyRules.FindNeeded(SecurityClass.Page, keys.Demand) is not null && pass.Find(context) is null)
                {
                    context.Abort();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed.
        }
    }
}
