using System.Collections.Immutable;
using System.Globalization;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Engines;

/// <summary>
/// vLLM in a container of eugr/spark-vllm-docker, started by its <c>launch-cluster.sh</c>. Knows the launcher from 2026-02 to 2026-09 by what it can do,
/// not by its date. A recipe for <see cref="RecipePlacement.Any"/> runs on the head alone: one machine is faster to start and leaves the other free.
/// </summary>
public sealed class VllmEngine : IEngine
{
    // Ray alone is waited for 30 times 2 s, mods patch files, and image checks go over the network (launch-cluster.sh).
    private static readonly TimeSpan LaunchDeadline = TimeSpan.FromMinutes(5);

    // A launcher that is to find its machines itself scans a network of up to some thousand addresses (1.4).
    private static readonly TimeSpan CheckDeadline = TimeSpan.FromSeconds(75);

    // PID 1 of the container is "sleep infinity", which ignores the polite signal: docker waits its 10 s and kills.
    private static readonly TimeSpan StopDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FollowDeadline = TimeSpan.FromHours(24);

    // What launch-cluster.sh takes without -t.
    private const string DefaultImage = "vllm-node";
    private const int LogLimit = 4 << 20;

    private static readonly LauncherCapabilities Newest = new(HasRayOption: true, HasSoloOption: true);
    private static readonly RemoteScript InspectScript = RemoteScript.Load(typeof(VllmEngine), "inspect-launcher");
    private static readonly RemoteScript ProveScript = RemoteScript.Load(typeof(VllmEngine), "prove-quoting");
    private static readonly RemoteScript CheckScript = RemoteScript.Load(typeof(VllmEngine), "check-launch");
    private static readonly RemoteScript LookScript = RemoteScript.Load(typeof(VllmEngine), "look-at-server");
    private static readonly RemoteScript LaunchElsewhereScript = RemoteScript.Load(typeof(VllmEngine), "launch-with-cache");
    private static readonly RemotePath DefaultCache = RemotePath.Parse("~/.cache/huggingface");

    /// <inheritdoc/>
    public EngineKind Kind => EngineKind.Vllm;

    /// <inheritdoc/>
    /// <remarks>A cluster recipe on a lane with one host is planned for that host alone; the fit check refuses it before.</remarks>
    public LaunchPlan Plan(LaneDefinition lane, ClusterDefinition cluster, Recipe recipe, LauncherCapabilities? launcher)
    {
        launcher ??= Newest;
        var head = cluster.FindHost(lane.Head) ?? throw new ArgumentException($"The lane's head {lane.Head} is not a host of the cluster.", nameof(cluster));
        var hosts = HostsOf(lane, recipe);
        var serve = ServeWords(lane, recipe, hosts.Length, launcher);
        ImmutableArray<string> launch = [.. LauncherWords(lane, recipe, hosts.Length, launcher)];
        ImmutableArray<string> words = ["./launch-cluster.sh", .. launch, "-d", "exec", .. serve.Select(launcher.Quoting.Protect)];
        var command = head.CacheDirectory == DefaultCache
            ? ShellCommand.Of(words)
            : ShellCommand.Of(LaunchElsewhereScript, [.. head.CacheDirectory.ToWords(), .. words]);
        return new LaunchPlan(head.Id, command with { WorkingDirectory = head.LaunchDirectory, Deadline = LaunchDeadline }, serve, hosts, recipe.ServedName)
        {
            Check = ShellCommand.Of(CheckScript, [.. launch]) with { WorkingDirectory = head.LaunchDirectory, Deadline = CheckDeadline },
        };
    }

    /// <summary>The hosts of the lane that would run a part of the recipe, head first.</summary>
    public static ImmutableArray<HostId> HostsOf(LaneDefinition lane, Recipe recipe) =>
        recipe.Placement == RecipePlacement.Cluster ? lane.Hosts : [lane.Head];

    /// <inheritdoc/>
    public ShellCommand InspectLauncher(HostDefinition host) => ShellCommand.Of(InspectScript, [.. host.LaunchDirectory.ToWords()]);

    /// <inheritdoc/>
    public LauncherLook ReadLauncher(LaneDefinition lane, HostDefinition host, ShellOutcome answer) => LauncherReport.Read(lane, host, answer);

    /// <inheritdoc/>
    /// <remarks>After a pull the same name silently stands for another image (spark-vllm-docker.md, build-and-copy.sh).</remarks>
    public ShellCommand FindImage(LaneDefinition lane, Recipe recipe) =>
        ShellCommand.Of("docker", "image", "inspect", "--format", "{{.Id}}", recipe.Image ?? lane.Image ?? DefaultImage);

    /// <inheritdoc/>
    public string? ReadImage(ShellOutcome answer) =>
        answer is ShellOutcome.Completed { ExitCode: 0 } completed && Lines(completed.Output) is [{ Length: <= 100 } id] && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ':')
            ? id
            : null;

    /// <inheritdoc/>
    public ShellCommand ProveQuoting(HostDefinition host, LauncherCapabilities launcher, bool isCluster, ImmutableArray<string> words) =>
        ShellCommand.Of(ProveScript, [isCluster ? "cluster" : "solo", launcher.HasSoloOption ? "yes" : "no", .. words]) with { WorkingDirectory = host.LaunchDirectory };

    /// <inheritdoc/>
    public ImmutableArray<ImmutableArray<string>>? ReadWords(ShellOutcome.Completed answer) => QuotingCanary.Read(answer);

    /// <inheritdoc/>
    public ShellCommand Stop(LaneDefinition lane) => ShellCommand.Of("docker", "stop", lane.Container) with { Deadline = StopDeadline };

    /// <inheritdoc/>
    public ShellCommand Look(LaneDefinition lane) => ShellCommand.Of(LookScript, lane.Container);

    /// <inheritdoc/>
    public ServerPresence ReadPresence(LaneDefinition lane, ShellOutcome answer) => answer is ShellOutcome.Completed { ExitCode: 0 } completed
        ? Lines(completed.Output) switch
        {
            ["gone"] => ServerPresence.Gone,
            ["container", "server yes"] => ServerPresence.Running,
            ["container", "server no"] => ServerPresence.ContainerOnly,
            _ => ServerPresence.Unknown,
        }
        : ServerPresence.Unknown;

    /// <inheritdoc/>
    public ShellCommand FollowLog(LaneDefinition lane, int tail) =>
        ShellCommand.Of("docker", "logs", "--follow", "--tail", Number(tail), lane.Container) with { Deadline = FollowDeadline };

    /// <inheritdoc/>
    public ShellCommand TailLog(LaneDefinition lane, int tail) =>
        ShellCommand.Of("docker", "logs", "--tail", Number(tail), lane.Container) with { OutputLimit = LogLimit };

    /// <inheritdoc/>
    public Diagnosis? ReadLaunch(ShellOutcome.Completed outcome, bool isCluster) => LauncherAnswer.Read(outcome, isCluster);

    /// <inheritdoc/>
    public IStartupLogReader ReadStartup() => new VllmStartupLog();

    /// <inheritdoc/>
    public Diagnosis? Diagnose(IReadOnlyList<string> log) => VllmDiagnosis.Find(log);

    private static IEnumerable<string> LauncherWords(LaneDefinition lane, Recipe recipe, int hosts, LauncherCapabilities launcher)
    {
        yield return "--name";
        yield return lane.Container;
        if ((recipe.Image ?? lane.Image) is { } image)
        {
            yield return "-t";
            yield return image;
        }

        // Without --solo every launch scans the network and fails when the cable between the machines is out (spark-vllm-docker.md 1.4).
        if (hosts == 1 && launcher.HasSoloOption)
        {
            yield return "--solo";
        }

        foreach (var mod in recipe.Mods)
        {
            yield return "--apply-mod";
            yield return mod;
        }

        foreach (var (name, value) in recipe.Environment)
        {
            yield return "-e";
            yield return $"{name}={value}";
        }
    }

    private static ImmutableArray<string> ServeWords(LaneDefinition lane, Recipe recipe, int hosts, LauncherCapabilities launcher)
    {
        // The launcher looks for exactly "vllm serve" (1.8). All interfaces: probes and programs come from other machines.
        ImmutableArray<string> words = ["vllm", "serve", recipe.Repo.ToString(), "--host=0.0.0.0", $"--port={Number(lane.Port)}", .. recipe.Arguments];
        if (!VllmParallelism.IsStated(recipe.Arguments))
        {
            words = [.. words, "--tensor-parallel-size", Number(hosts)];
        }

        // Launchers without --ray run several nodes over Ray and leave it to the command to say so (1.8).
        return hosts > 1 && !launcher.HasRayOption ? [.. words, "--distributed-executor-backend", "ray"] : words;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
