using System.Diagnostics;
using System.Globalization;
using Appliance.Cluster.Events;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.View;
using Appliance.Ui;

namespace Appliance.Dashboard;

/// <summary>The home page's sentences. Pure.</summary>
internal static class DashboardWords
{
    /// <summary>"Two requests right now · last checked 2 s ago".</summary>
    public static string Under(ClusterSnapshot snapshot, DateTimeOffset now)
    {
        var parts = new List<string>();
        var reported = snapshot.Lanes.Select(lane => lane.Serving?.Running).Where(running => running is not null).ToArray();
        if (reported.Length > 0)
        {
            parts.Add($"{NumberWords.Count(reported.Sum()!.Value, "request", "requests")} right now");
        }

        parts.Add($"last checked {TimeWords.Ago(snapshot.ObservedAt, now)}");
        return NumberWords.Sentence(string.Join(" · ", parts));
    }

    /// <summary>"RedHatAI · on Spark 1 · since this morning, 07:42".</summary>
    public static string Where(ServingModel serving, DateTimeOffset now, TimeZoneInfo zone)
    {
        var parts = new[]
        {
            serving.Publisher,
            serving.HostNames.IsEmpty ? null : $"on {NumberWords.And(serving.HostNames)}",
            serving.Since is { } since ? TimeWords.Since(since, now, zone) : null,
        };
        return string.Join(" · ", parts.Where(part => part is not null));
    }

    public static string NothingTitle(Condition condition) => condition.Kind switch
    {
        ConditionKind.Starting => "A model is on its way.",
        ConditionKind.Stuck => "The model does not answer.",
        ConditionKind.Crashed => "The model has crashed.",
        ConditionKind.Unreachable => "The machine does not answer.",
        ConditionKind.Unknown or ConditionKind.Working or ConditionKind.Busy or ConditionKind.Stopped => "No model is running.",
        _ => throw new UnreachableException(),
    };

    public static string NothingReason(LaneSnapshot lane)
    {
        if (lane.Swap is not null)
        {
            return "A change is in progress; it is shown above.";
        }

        return lane.Drift ?? lane.Condition.Reason ?? "Start one from the models on your disks.";
    }

    public static string Memory(HostSnapshot host) => (host.MemoryTotal, host.MemoryAvailable) switch
    {
        ({ } total, { } available) => $"{(total - available).Gigabytes:0} of {total.Gigabytes:0} GB",
        ({ } total, null) => $"{total.Gigabytes:0} GB",
        _ => "–",
    };

    /// <summary>How the used memory is shared; null when it is not reported.</summary>
    public static (double ByModel, double ByOthers)? Shares(HostSnapshot host)
    {
        if (host is not { MemoryTotal: { Bytes: > 0 } total, MemoryAvailable: { } available })
        {
            return null;
        }

        var used = Math.Max(0, (total - available).Bytes);
        var byModel = Math.Clamp(host.MemoryOfModels?.Bytes ?? 0, 0, used);
        return ((double)byModel / total.Bytes, (double)(used - byModel) / total.Bytes);
    }

    public static string MemoryLabel(HostSnapshot host) =>
        host.MemoryOfModels is { Bytes: > 0 } models ? $"{Memory(host)} used, {models} by the model" : $"{Memory(host)} used";

    public static string OrDash(ByteSize? size) => size?.ToString() ?? "–";

    public static string Link(int megabits) => megabits >= 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{megabits / 1000.0:0.#} Gbit/s")
        : $"{megabits} Mbit/s";

    /// <summary>"58 °C · 41 W"; null when neither is reported.</summary>
    public static string? Heat(HostSnapshot host)
    {
        var parts = new[]
        {
            host.TemperatureCelsius is { } degrees ? string.Create(CultureInfo.InvariantCulture, $"{degrees:0} °C") : null,
            host.PowerWatts is { } watts ? string.Create(CultureInfo.InvariantCulture, $"{watts:0} W") : null,
        };
        var said = string.Join(" · ", parts.Where(part => part is not null));
        return said.Length == 0 ? null : said;
    }

    /// <summary>The state word of a host that cannot be used: a refused key is another trouble than a dead machine.</summary>
    public static string FaultWord(HostFaultKind kind) => kind switch
    {
        HostFaultKind.Unreachable or HostFaultKind.ConnectionLost or HostFaultKind.DeadlineExceeded => "Does not answer",
        HostFaultKind.Thrashing => "Out of breath",
        HostFaultKind.AuthenticationFailed => "Does not let us in",
        HostFaultKind.HostKeyUnknown => "Not confirmed yet",
        HostFaultKind.HostKeyChanged => "Not the machine we know",
        HostFaultKind.KeyUnusable => "Our key is missing",
        HostFaultKind.UnexpectedShell => "Answers strangely",
        HostFaultKind.OnlyWatched => "Only watched",
        HostFaultKind.Overloaded => "Overloaded",
        HostFaultKind.NotPrepared => "Something is missing there",
        _ => throw new UnreachableException(),
    };

    /// <summary>The job an event belongs to; null when it belongs to none.</summary>
    public static SwapJobId? JobOf(ApplianceEvent happened) =>
        happened.Type is EventTypes.SwapStarted or EventTypes.SwapComplete or EventTypes.SwapFailed or EventTypes.LaneStopped
        && SwapJobId.TryParse(happened.CorrelationId, out var job)
            ? job
            : null;
}
