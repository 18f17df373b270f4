using System.Collections.Immutable;
using System.Reflection;
using Appliance.Cluster.Events;
using Appliance.Cluster.Storage;

namespace Appliance.Hosting;

/// <summary>Tells once that the appliance was started: it explains why answers were cut at that time, and a list full of it is a box that keeps falling over.</summary>
internal sealed partial class StartNotice(IEventLog events, TimeProvider time, ILogger<StartNotice> logger) : BackgroundService
{
    /// <summary>The version that the build gave, with the commit where it knew one.</summary>
    private static readonly string Version =
        typeof(StartNotice).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await events.AppendAsync(
                new ApplianceEvent
                {
                    At = time.GetUtcNow(),
                    Type = EventTypes.ApplianceStarted,
                    Component = "appliance",
                    Sentence = "The appliance was started",
                    Details = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("version", Version),
                },
                stoppingToken);
        }
        catch (StoreException problem)
        {
            LogNotTold(problem);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The start could not be stored as an event")]
    private partial void LogNotTold(Exception problem);
}
