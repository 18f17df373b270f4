using System.Collections.Immutable;
using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Engines;

/// <summary>
/// Reads what <c>launch-cluster.sh -d exec</c> said. Its exit code 0 only means that it came to its end: docker's refusals stand on standard error,
/// its own on standard output (spark-vllm-docker.md 1.6).
/// </summary>
internal static class LauncherAnswer
{
    private sealed record Rule(string Fragment, string Code, string Message, string? Advice);

    private static readonly ImmutableArray<Rule> Rules =
    [
        new("Cannot connect to the Docker daemon", "docker_down", "Docker does not run on the machine.", "Start it there: sudo systemctl start docker."),
        new("permission denied while trying to connect", "docker_denied", "The login user may not use Docker.", "Add the user to the group docker on the machine and log in again: sudo usermod -aG docker <user>."),
        new("is already running on head node", "already_running", "A container of this name was still running, so a second server was started inside it.", "Stop the lane, wait until the container is gone, and start again."),
        new("is already in use by container", "container_exists", "A container of this name is still there.", "It may still be going away; try again in a few seconds."),
        new("Unable to find image", "image_missing", "The container image is not on the machine.", "Build or pull it with build-and-copy.sh in the launcher's folder, or name another image."),
        new("pull access denied", "image_missing", "The container image is not on the machine.", "Build or pull it with build-and-copy.sh in the launcher's folder, or name another image."),
        new("No such image", "image_missing", "The container image is not on the machine.", "Build or pull it with build-and-copy.sh in the launcher's folder, or name another image."),
        new("could not select device driver", "gpu_missing", "Docker cannot use the GPU.", "Check the NVIDIA container toolkit and driver on the machine with nvidia-smi."),
        new("Only local node detected", "worker_not_found", "The first machine did not find the other one, and would have started the model alone.", "Check the cable and that the first machine can log in to the second, or name both in CLUSTER_NODES in the launcher's .env file."),
        new("Could not inspect image", "image_missing", "The container image is not on every machine.", "Copy it over with build-and-copy.sh --no-build -c."),
        new("Mod path", "mod_missing", "A mod of the recipe is not in the launcher's folder.", "Update the launcher's folder on the machine (git pull), or remove the mod from the recipe."),
        new("Mod directory", "mod_missing", "A mod of the recipe is not complete in the launcher's folder.", "Update the launcher's folder on the machine (git pull), or remove the mod from the recipe."),
        new("Passwordless SSH to", "worker_unreachable", "The first machine cannot log in to the second one.", "Run ssh-copy-id from the first machine to the second."),
        new("Docker image mismatch on worker node", "image_differs", "The two machines have different versions of the container image.", "Copy it over with build-and-copy.sh --no-build -c."),
        new("No active IB interfaces", "cable", "The cable between the machines does not show a link.", "Check the cable; if there is none, give the model one machine."),
        new("ibdev2netdev not found", "cable", "The machine cannot tell which of its network ports lead to the other one.", "Install the tools of its network card (ibdev2netdev), or give the model one machine."),
        new("no IP address assigned", "cable", "The network port to the other machine has no address.", "Give both ports of the cable an address."),
        new("share the same subnet", "cable", "Two network ports to the other machine are in the same network.", "Give them addresses in different networks."),
        new("active CX7 interfaces", "cable", "The cable between the machines does not show the two links it should.", "Check the cable and the addresses of its network interfaces."),
        new("is not in the list of nodes", "nodes", "The launcher's list of machines does not contain its own address.", "Correct CLUSTER_NODES in the launcher's .env file."),
        new("Invalid .env file syntax", "env_file", "The launcher's .env file has an error.", "Correct it; every line must be KEY=value."),
        new("Timeout waiting for cluster to start", "cluster_timeout", "The machines did not come together in time.", "Check the cable between them and try again."),
        new("Patch script failed", "mod_failed", "A mod of the recipe could not be applied.", "Update the launcher's folder on the machine (git pull), or remove the mod from the recipe."),
        new("No space left on device", "disk_full", "The machine's disk is full.", "Delete models or images that are not needed."),
    ];

    public static Diagnosis? Read(ShellOutcome.Completed outcome, bool isCluster)
    {
        var complaints = Complaints(outcome, isCluster);
        if (complaints.Count == 0)
        {
            return outcome.ExitCode switch
            {
                0 => null,
                126 or 127 => new Diagnosis("launcher_missing", "The launcher is not on the machine, or may not be run.", "Check the folder of launch-cluster.sh in the settings."),
                _ => new Diagnosis("launch_failed", $"The launcher gave up with exit code {outcome.ExitCode} and did not say why."),
            };
        }

        // The first complaint is the cause; later ones ("No such container") follow from it.
        foreach (var complaint in complaints)
        {
            if (Rules.FirstOrDefault(rule => complaint.Contains(rule.Fragment, StringComparison.OrdinalIgnoreCase)) is { } rule)
            {
                return new Diagnosis(rule.Code, rule.Message, rule.Advice);
            }
        }

        return new Diagnosis("launch_failed", $"The launcher reports: {Shorten(complaints[0])}");
    }

    private static List<string> Complaints(ShellOutcome.Completed outcome, bool isCluster)
    {
        var docker = Lines(outcome.Errors).Where(line =>
            line.StartsWith("docker: ", StringComparison.Ordinal)
            || line.StartsWith("Error response from daemon:", StringComparison.Ordinal)
            || line.StartsWith("Unable to find image", StringComparison.Ordinal)
            || line.Contains("Docker daemon", StringComparison.Ordinal));
        var launcher = Lines(outcome.Output).Where(line =>
            line.StartsWith("Error: ", StringComparison.Ordinal)
            || (isCluster && line.StartsWith("Only local node ", StringComparison.Ordinal))
            || line.StartsWith("Timeout waiting for cluster", StringComparison.Ordinal)
            || (line.StartsWith("Warning: Container", StringComparison.Ordinal) && line.Contains("already running", StringComparison.Ordinal)));
        List<string> complaints = [.. launcher, .. docker];
        return complaints.Count > 0 || outcome.ExitCode is 0 or 126 or 127 ? complaints : [.. Lines(outcome.Errors).Take(5)];
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(LogText.Plain).Where(line => line.Length > 0);

    private static string Shorten(string text) => text.Length <= 300 ? text : text[..300] + "…";
}
