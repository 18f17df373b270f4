using System.Collections.Immutable;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Engines;

/// <summary>
/// What is known about a kind of model server: how it is launched and stopped, and how its log reads. Pure and thread-safe; the swap engine runs the commands.
/// Every engine speaks the OpenAI API, so probing it is not its business (<see cref="Health.IModelProbe"/>).
/// </summary>
public interface IEngine
{
    /// <summary>The kind this engine knows.</summary>
    EngineKind Kind { get; }

    /// <summary>
    /// The command that starts a recipe on a lane. <paramref name="launcher"/> is what <see cref="InspectLauncher"/> told; null plans for the newest known launcher.
    /// </summary>
    LaunchPlan Plan(LaneDefinition lane, ClusterDefinition cluster, Recipe recipe, LauncherCapabilities? launcher);

    /// <summary>Asks a host for its launcher; read the answer with <see cref="ReadLauncher"/>.</summary>
    ShellCommand InspectLauncher(HostDefinition host);

    /// <summary>Reads the answer to <see cref="InspectLauncher"/>. How words pass through the launcher is not among it.</summary>
    LauncherLook ReadLauncher(LaneDefinition lane, HostDefinition host, ShellOutcome answer);

    /// <summary>Asks a host which version of the image it has that a recipe would be started from; read the answer with <see cref="ReadImage"/>.</summary>
    ShellCommand FindImage(LaneDefinition lane, Recipe recipe);

    /// <summary>Reads the answer to <see cref="FindImage"/>: what changes with every pull or build of the image; null when the host cannot tell.</summary>
    string? ReadImage(ShellOutcome answer);

    /// <summary>
    /// Sends words through a copy of the launcher with stand-ins for all that it would touch; read what arrived with <see cref="ReadWords"/>. Leaves nothing
    /// on the host. <paramref name="isCluster"/>: as if it started several machines.
    /// </summary>
    ShellCommand ProveQuoting(HostDefinition host, LauncherCapabilities launcher, bool isCluster, ImmutableArray<string> words);

    /// <summary>Reads the answer to <see cref="ProveQuoting"/>: the words of each call of the model server; null when that could not be tried.</summary>
    ImmutableArray<ImmutableArray<string>>? ReadWords(ShellOutcome.Completed answer);

    /// <summary>Stops the lane's server on one host. Idempotent: stopping what does not run is fine.</summary>
    ShellCommand Stop(LaneDefinition lane);

    /// <summary>Asks whether the lane's server still exists on a host; read the answer with <see cref="ReadPresence"/>.</summary>
    ShellCommand Look(LaneDefinition lane);

    /// <summary>Reads the answer to <see cref="Look"/>.</summary>
    ServerPresence ReadPresence(LaneDefinition lane, ShellOutcome answer);

    /// <summary>Follows the server's log from its last <paramref name="tail"/> lines on, until the server ends.</summary>
    ShellCommand FollowLog(LaneDefinition lane, int tail);

    /// <summary>The server's last <paramref name="tail"/> log lines.</summary>
    ShellCommand TailLog(LaneDefinition lane, int tail);

    /// <summary>
    /// Whether a launch command that "succeeded" really failed: the launcher exits with 0 although docker refused (spark-vllm-docker.md 1.6). Null when nothing is wrong.
    /// Reads the answer to a plan's check as well. <paramref name="isCluster"/>: it was to start several machines.
    /// </summary>
    Diagnosis? ReadLaunch(ShellOutcome.Completed outcome, bool isCluster);

    /// <summary>A reader of one server's start-up log.</summary>
    IStartupLogReader ReadStartup();

    /// <summary>Names the cause of a failed start from its log, oldest line first. Null when nothing known is in it.</summary>
    Diagnosis? Diagnose(IReadOnlyList<string> log);
}
