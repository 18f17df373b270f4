using System.Collections.Concurrent;
using Appliance.Cluster.Keys;
using Appliance.Cluster.Settings;

namespace Appliance.Security;

/// <summary>
/// The calls that are under way. Streams, sessions and the connections of pages outlast the moment in which they were let in, so all are looked at again
/// whenever a key was made or revoked or a setting changed, and what would no longer be let in is cut.
/// </summary>
internal sealed partial class OpenCalls(KeyBook keys, ISettings settings, ILogger<OpenCalls> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<OpenCall, bool> _calls = new();

    /// <summary>Lets a call run, and cuts it when its key is no longer enough.</summary>
    public async Task RunAsync(HttpContext context, SecurityClass securityClass, AccessKey? key, RequestDelegate next)
    {
        if (!IsWatched(securityClass))
        {
            await next(context);
            return;
        }

        var call = new OpenCall(context, securityClass, key);
        _calls.TryAdd(call, true);
        try
        {
            // Its key may have been revoked since it was let in, and nobody looked at it yet.
            if (!call.IsGood(keys))
            {
                call.TryCut();
                return;
            }

            await next(context);
        }
        finally
        {
            call.End();
            _calls.TryRemove(call, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Taken before looking: a change in between has already rung.
            var change = keys.NextChange;
            var values = settings.Current;
            if (_calls.Keys.Count(call => !call.IsGood(keys) && call.TryCut()) is > 0 and var cut)
            {
                LogCut(cut);
            }

            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(change, settings.WaitForChangeAsync(values, ended.Token));
            await ended.CancelAsync();
        }
    }

    // Who changes keys or settings, or deletes something, is told what became of it.
    private static bool IsWatched(SecurityClass securityClass) =>
        securityClass is SecurityClass.OperatorRead or SecurityClass.Mutate or SecurityClass.Proxy or SecurityClass.Page;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} open calls were ended: a key is needed, and theirs is not good any more")]
    private partial void LogCut(int count);
}
