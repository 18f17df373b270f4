using System.Collections.Immutable;
using System.Globalization;
using Appliance.Cluster.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Events;

/// <summary>
/// Tells when the wall clock jumps against the monotonic one (F-23): it was set, or the machine slept. Nothing depends on it; it explains times in the lists
/// that do not fit each other.
/// </summary>
internal sealed partial class ClockWatch(IEventLog events, TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Time synchronisation corrects by less than this within a pause (F-23).</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        var (wall, monotonic) = (time.GetUtcNow(), time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var jump = time.GetUtcNow() - wall - time.GetElapsedTime(monotonic);
            (wall, monotonic) = (time.GetUtcNow(), time.GetTimestamp());
            if (jump.Duration() > Tolerance)
            {
                await TellAsync(jump, stoppingToken);
            }
        }
    }

    private async Task TellAsync(TimeSpan jump, CancellationToken cancellationToken)
    {
        var seconds = Math.Round(jump.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        LogJump(seconds);
        try
        {
            await events.AppendAsync(
                new ApplianceEvent
                {
                    At = time.GetUtcNow(),
                    Type = EventTypes.ClockJumped,
                    Severity = EventSeverity.Warning,
                    Component = "events",
                    Sentence = jump > TimeSpan.Zero
                        ? "The clock of the appliance's machine went forward at once: it was set, or the machine slept"
                        : "The clock of the appliance's machine was put back",
                    Details = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("seconds", seconds),
                },
                cancellationToken);
        }
        catch (StoreException problem)
        {
            LogNotTold(problem);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The wall clock jumped by {Seconds} s")]
    private partial void LogJump(string seconds);

    [LoggerMessage(LogLevel.Warning, "The jump of the clock could not be stored as an event")]
    private partial void LogNotTold(Exception problem);
}
