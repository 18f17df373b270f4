using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// How often models may be started without a person asking: at most 3 times per model in 30 minutes and 5 times per host in a day (F-10). Starts that fail
/// again and again leak memory until a Spark can only be switched off and on (eugr/spark-vllm-docker#257). Pure.
/// </summary>
internal static class StartBudget
{
    /// <summary>Starts of one model within <see cref="ModelWindow"/>.</summary>
    public const int PerModel = 3;

    /// <summary>Starts on one host within <see cref="HostWindow"/>.</summary>
    public const int PerHost = 5;

    /// <summary>How long a start counts for its model.</summary>
    public static TimeSpan ModelWindow { get; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a start counts for its hosts.</summary>
    public static TimeSpan HostWindow { get; } = TimeSpan.FromDays(1);

    /// <summary>Why a model may not be started now without a person asking, as the end of a sentence; null when it may.</summary>
    public static string? FindRefusal(IEnumerable<AutomaticStart> starts, ModelId model, ImmutableArray<HostId> hosts)
    {
        var all = starts.ToArray();
        if (all.Count(start => start.Model == model && start.Age < ModelWindow) >= PerModel)
        {
            return $"it was started by itself {PerModel} times within half an hour";
        }

        return hosts.Any(host => all.Count(start => start.Hosts.Contains(host) && start.Age < HostWindow) >= PerHost)
            ? $"models were started by themselves {PerHost} times within a day on its machine"
            : null;
    }
}
