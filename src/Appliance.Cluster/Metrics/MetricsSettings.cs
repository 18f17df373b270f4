using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Metrics;

/// <summary>What the owner can set about what is remembered of requests.</summary>
public static class MetricsSettings
{
    /// <summary>Whether the newest requests are kept for the page and <c>/api/requests</c>.</summary>
    public static SwitchSetting RequestLog { get; } = new()
    {
        Key = "REQUEST_LOG",
        Title = "Keep a list of the last requests",
        Help = "On: the last 500 requests to /v1 can be looked at: when, from which key or address, which model, how long, how many tokens, what went wrong. Never what was asked or answered. The list is in memory only; off empties it.",
        Section = "Requests",
        Default = false,
    };
}
