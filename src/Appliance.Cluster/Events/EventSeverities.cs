using System.Diagnostics;

namespace Appliance.Cluster.Events;

/// <summary>The words for severities in the store.</summary>
internal static class EventSeverities
{
    public static string ToWord(EventSeverity severity) => severity switch
    {
        EventSeverity.Info => "info",
        EventSeverity.Warning => "warning",
        EventSeverity.Error => "error",
        _ => throw new UnreachableException(),
    };

    /// <summary>An unknown word was written by somebody else's hand; it is shown rather than hidden.</summary>
    public static EventSeverity Parse(string word) => word switch
    {
        "info" => EventSeverity.Info,
        "warning" => EventSeverity.Warning,
        _ => EventSeverity.Error,
    };
}
