using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Demo.Cache;

namespace Appliance.Demo.Scenarios;

/// <summary>A named state of the simulated cluster: the value of the environment key <c>DEMO</c>.</summary>
/// <param name="Name">The word, for example <c>out-of-memory</c>.</param>
/// <param name="Title">A few words for people.</param>
/// <param name="Faults">What is wrong.</param>
public sealed record DemoScenario(string Name, string Title, DemoFaults Faults)
{
    private static readonly HostId First = HostId.Parse("spark-1");
    private static readonly HostId Second = HostId.Parse("spark-2");

    // The model that is live at the start can be brought back, so that a failed swap shows its roll-back.
    private static readonly ImmutableHashSet<RepoId> Spares = [DemoModels.Qwen36.Repo, DemoModels.Qwen3Small.Repo];

    /// <summary>Everything works.</summary>
    public static DemoScenario Calm { get; } = new("calm", "Everything works", DemoFaults.None);

    /// <summary>Loads take four times as long.</summary>
    public static DemoScenario SlowLoad { get; } = new("slow-load", "Models load slowly", new DemoFaults { LoadFactor = 4 });

    /// <summary>A swap ends with a server that ends early.</summary>
    public static DemoScenario CrashAtStart { get; } = new(
        "crash-at-start", "Models crash while they start", new DemoFaults { StartFailure = StartFailure.Crash, StartFailureSpares = Spares });

    /// <summary>The live model answers no prompt.</summary>
    public static DemoScenario Wedged { get; } = new("wedged", "The model is stuck", new DemoFaults { Wedged = true });

    /// <summary>A swap ends for want of memory.</summary>
    public static DemoScenario OutOfMemory { get; } = new(
        "out-of-memory", "Models run out of memory", new DemoFaults { StartFailure = StartFailure.OutOfMemory, StartFailureSpares = Spares });

    /// <summary>Spark 2 cannot be reached.</summary>
    public static DemoScenario HostOffline { get; } = new("host-offline", "Spark 2 is off", new DemoFaults { Offline = [Second] });

    /// <summary>Spark 1 has no room left.</summary>
    public static DemoScenario DiskFull { get; } = new("disk-full", "The disk of Spark 1 is full", new DemoFaults { FullDisks = [First] });

    /// <summary>Spark 1 is used to the limit.</summary>
    public static DemoScenario Busy { get; } = new("busy", "Spark 1 is busy", new DemoFaults { Busy = [First] });

    /// <summary>The Matrix bot crashed.</summary>
    public static DemoScenario ServiceCrashed { get; } = new("service-crashed", "The Matrix bot crashed", new DemoFaults { Crashed = [ServiceId.Parse("matrix-bridge")] });

    /// <summary>All of them, the calm one first.</summary>
    public static ImmutableArray<DemoScenario> All { get; } = [Calm, SlowLoad, CrashAtStart, Wedged, OutOfMemory, HostOffline, DiskFull, Busy, ServiceCrashed];

    /// <summary>
    /// Reads a name without regard to case, with <c>-</c> or <c>_</c>. The switch-like words <c>1</c>, <c>on</c>, <c>yes</c> and <c>true</c> mean
    /// <see cref="Calm"/>. False for anything else.
    /// </summary>
    public static bool TryParse(string? text, out DemoScenario scenario)
    {
        var word = text?.Trim().Replace('_', '-').ToLowerInvariant();
        var found = word is "1" or "on" or "yes" or "true" ? Calm : All.FirstOrDefault(known => known.Name == word);
        scenario = found ?? Calm;
        return found is not null;
    }
}
