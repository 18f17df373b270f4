using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Engines;

/// <summary>Reads the answer of <c>inspect-launcher.sh</c>.</summary>
internal static class LauncherReport
{
    // A lane that keeps the launcher's own default asks for no name in the launcher's eyes (spark-vllm-docker.md 1.3).
    private const string UsualContainer = "vllm_node";

    // The launcher puts the folder into docker's words without quotes around it (1.2).
    private const string SplitMarks = " \t*?[";

    public static LauncherLook Read(LaneDefinition lane, HostDefinition host, ShellOutcome answer)
    {
        string[] lines = answer is ShellOutcome.Completed completed ? completed.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        var docker = Find("docker") is { } state ? DockerTrouble(host, state) : null;
        if (Find("launcher") is not "ok")
        {
            return new LauncherLook(docker, LauncherTrouble(host, Find("launcher")), null);
        }

        if (lane.Container == UsualContainer && Find("container") is { } other && other != UsualContainer)
        {
            return new LauncherLook(docker, ContainerTrouble(lane, host, other), null);
        }

        if (host.CacheDirectory.ToString().AsSpan().ContainsAny(SplitMarks))
        {
            return new LauncherLook(docker, CacheTrouble(host), null);
        }

        return YesOrNo("ray") is { } ray && YesOrNo("solo") is { } solo
            ? new LauncherLook(docker, null, new LauncherCapabilities(ray, solo) { Hash = Find("hash") is { Length: 64 } hash && hash.All(char.IsAsciiHexDigitLower) ? hash : null })
            : new LauncherLook(docker, LauncherTrouble(host, null), null);

        string? Find(string what) => lines.FirstOrDefault(line => line.StartsWith(what + " ", StringComparison.Ordinal))?[(what.Length + 1)..];

        bool? YesOrNo(string what) => Find(what) switch
        {
            "yes" => true,
            "no" => false,
            _ => null,
        };
    }

    private static Diagnosis? DockerTrouble(HostDefinition host, string state) => state.Split(' ', 2) switch
    {
        ["ok"] => null,
        ["denied"] => new Diagnosis(
            "docker_denied",
            $"The user {host.User} may not use Docker on {host.Name}.",
            $"Add the user to the group docker there: sudo usermod -aG docker {host.User}. It counts from the next login on."),
        ["down"] => new Diagnosis("docker_down", $"Docker does not run on {host.Name}.", "Start it there: sudo systemctl start docker."),
        ["elsewhere", var folder] => new Diagnosis(
            "docker_not_on_path",
            $"Docker is on {host.Name} in {folder}, where commands over SSH do not look for programs.",
            $"Put a link where they do: sudo ln -s {folder}/docker /usr/local/bin/docker."),
        _ => new Diagnosis("docker_missing", $"{host.Name} has no Docker.", "Install Docker there; a DGX Spark comes with it."),
    };

    private static Diagnosis ContainerTrouble(LaneDefinition lane, HostDefinition host, string other) => new(
        "container_renamed",
        $"The launcher on {host.Name} names its container {other}, because its .env file says so, and {lane.Container} is looked for here.",
        $"Set the container name (VLLM_CONTAINER) to {other}, or remove CONTAINER_NAME from {host.LaunchDirectory}/.env.");

    private static Diagnosis CacheTrouble(HostDefinition host) => new(
        "cache_folder_has_blank",
        $"The launcher cannot use {host.CacheDirectory} on {host.Name}: it takes no folder of models with a blank or one of * ? [ in its name.",
        "Make a link without them (ln -s) and set HF_CACHE_DIR to that.");

    private static Diagnosis LauncherTrouble(HostDefinition host, string? state) => state switch
    {
        "locked" => new Diagnosis(
            "launcher_not_executable",
            $"launch-cluster.sh in {host.LaunchDirectory} on {host.Name} may not be run.",
            $"Allow it there: chmod +x {host.LaunchDirectory}/launch-cluster.sh."),
        "without bash" => new Diagnosis("launcher_without_bash", $"{host.Name} has no bash, which the launcher needs.", "Install the package bash there."),
        "without python3" => new Diagnosis(
            "launcher_without_python",
            $"{host.Name} has no python3 where commands over SSH look for programs, and the launcher reads its .env file with it.",
            "Install the package python3 there, or put a link to it into /usr/local/bin."),
        _ => new Diagnosis(
            "launcher_missing",
            $"{host.Name} has no launch-cluster.sh in {host.LaunchDirectory}.",
            "Install eugr/spark-vllm-docker there, or set LAUNCH_DIR to its folder."),
    };
}
