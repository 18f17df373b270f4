using System.Diagnostics;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Engines;

/// <summary>The real scripts under the real /bin/sh, against a stand-in docker and launcher.</summary>
public sealed class EngineScriptTests : IDisposable
{
    private static readonly VllmEngine Engine = new();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_container_with_a_server_process_is_running()
    {
        Program("docker", """
            case "$1" in
            ps) printf 'other\nvllm_node\n' ;;
            top) printf 'UID PID CMD\nroot 1 sleep infinity\nroot 42 /usr/bin/python3 /usr/local/bin/vllm serve org/name\n' ;;
            *) exit 9 ;;
            esac
            """);

        (await LookAsync()).ShouldBe(ServerPresence.Running);
    }

    [Fact]
    public async Task A_container_whose_server_crashed_is_a_container_only()
    {
        Program("docker", "case $1 in ps) echo vllm_node ;; top) printf 'UID PID CMD\\nroot 1 sleep infinity\\n' ;; esac");

        (await LookAsync()).ShouldBe(ServerPresence.ContainerOnly);
    }

    [Theory]
    [InlineData("")]
    [InlineData("vllm_node_old\nmy_vllm_node\nVLLM_NODE\nvllm.node")]
    public async Task Other_names_that_look_alike_are_not_it(string names)
    {
        Program("docker", $"case $1 in ps) printf '%s\\n' '{names}' ;; *) exit 9 ;; esac");

        (await LookAsync()).ShouldBe(ServerPresence.Gone);
    }

    [Fact]
    public async Task A_docker_that_does_not_work_leaves_everything_unknown()
    {
        Program("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
        var outcome = await RunAsync(Engine.Look(Home.Main));

        outcome.ExitCode.ShouldBe(3);
        outcome.Output.ShouldBeEmpty();
        Engine.ReadPresence(Home.Main, outcome).ShouldBe(ServerPresence.Unknown);
    }

    [Fact]
    public async Task Without_any_docker_everything_is_unknown() => (await LookAsync()).ShouldBe(ServerPresence.Unknown);

    [Theory]
    [InlineData("exit 0", ServerPresence.Running)]
    [InlineData("exit 1", ServerPresence.ContainerOnly)]
    [InlineData("echo 'Error response from daemon: container abc is not running' >&2; exit 1", ServerPresence.ContainerOnly)]
    [InlineData("echo 'OCI runtime exec failed: pgrep: executable file not found' >&2; exit 127", ServerPresence.Unknown)]
    [InlineData("echo 'Cannot connect to the Docker daemon' >&2; exit 1", ServerPresence.Unknown)]
    public async Task When_docker_top_does_not_work_the_container_is_asked(string exec, ServerPresence expected)
    {
        Program("docker", $"case $1 in ps) echo vllm_node ;; top) exit 1 ;; exec) {exec} ;; esac");

        (await LookAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task A_new_launcher_is_known_by_its_help()
    {
        Program("launch-cluster.sh", """echo "Usage: $0 [--solo] [--ray|--no-ray]"; exit 1""");

        (await CapabilitiesAsync()).ShouldBe((Ray: true, Solo: true));
    }

    [Fact]
    public async Task A_launcher_of_june_has_no_ray_option_although_it_knows_no_ray()
    {
        Program("launch-cluster.sh", """
            echo "  --solo   one node
              --no-ray  without, --ray-port X"; exit 1
            """);

        (await CapabilitiesAsync()).ShouldBe((Ray: false, Solo: true));
    }

    [Fact]
    public async Task A_launcher_of_january_can_do_neither()
    {
        Program("launch-cluster.sh", "echo 'Usage: -n nodes -t image'; exit 1");

        (await CapabilitiesAsync()).ShouldBe((Ray: false, Solo: false));
    }

    [Fact]
    public async Task A_launcher_is_recognised_again_by_the_hash_of_its_text()
    {
        Program("launch-cluster.sh", "exit 1");
        var text = File.ReadAllBytes(_folder.File("launch-cluster.sh"));

        (await InspectAsync()).Capabilities!.Hash.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(text)));
    }

    [Fact]
    public async Task A_launcher_that_is_missing_or_may_not_be_run_or_lacks_a_program_is_told_in_a_sentence()
    {
        (await InspectAsync()).LauncherTrouble!.Code.ShouldBe("launcher_missing");
        (await InspectAsync(RemotePath.Parse("/no/such/folder"))).LauncherTrouble!.Code.ShouldBe("launcher_missing");

        File.WriteAllText(_folder.File("launch-cluster.sh"), "not executable");
        (await InspectAsync()).LauncherTrouble!.Code.ShouldBe("launcher_not_executable");

        Program("launch-cluster.sh", "exit 1");
        File.WriteAllText(_folder.File(".env"), "KEY=value\n");
        var look = await InspectAsync();
        look.LauncherTrouble!.Code.ShouldBe("launcher_without_python");
        look.Capabilities.ShouldBeNull();
    }

    [Theory]
    [InlineData("CONTAINER_NAME=other", "other")]
    [InlineData("# a comment\n  CONTAINER_NAME = 'other.one' \nCONTAINER_HF_TOKEN=a-secret", "other.one")]
    [InlineData("CONTAINER_NAME=vllm_node", null)]
    [InlineData("CONTAINER_NAME_2=x\n#CONTAINER_NAME=y", null)]
    public async Task A_container_name_in_the_launchers_env_file_that_would_win_over_ours_is_told(string settings, string? name)
    {
        Program("python3", "exit 0");
        Program("launch-cluster.sh", "exit 1; echo $DOTENV_CONTAINER_NAME");
        File.WriteAllText(_folder.File(".env"), settings);

        var look = await InspectAsync();

        (look.LauncherTrouble?.Code).ShouldBe(name is null ? null : "container_renamed");
        if (name is not null)
        {
            look.LauncherTrouble!.Advice!.ShouldContain($"VLLM_CONTAINER) to {name},");
            (await InspectAsync(lane: Home.Main with { Container = name })).LauncherTrouble.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("echo 'Error: Mod path x does not exist.'; exit 1", "exit 0", "mod_missing")]
    [InlineData("echo 'Docker Args: -e HF_TOKEN=a-secret'; echo 'Image Name: vllm-node'", "exit 0", null)]
    [InlineData("echo 'Image Name: vllm-node'", "echo 'Error response from daemon: No such image: vllm-node' >&2; exit 1", "image_missing")]
    [InlineData("echo 'Image Name: registry.example/vllm'", "echo 'No such image' >&2; exit 1", null)]
    [InlineData("echo 'Image Name: vllm-node'", "echo 'Cannot connect to the Docker daemon' >&2; exit 1", null)]
    [InlineData("echo 'Only local node detected/configured. Activating solo mode (no Ray cluster).'", "exit 0", "worker_not_found")]
    [InlineData("exit 3", "exit 0", null)]
    public async Task What_the_launcher_would_complain_about_is_told_before_anything_is_stopped(string check, string docker, string? code)
    {
        Program("docker", docker);
        Program("launch-cluster.sh", $"case \"$*\" in *--help*) echo '  --check-config'; exit 1 ;; *--check-config) ;; *) exit 9 ;; esac\n{check}");

        var answer = await CheckLaunchAsync();

        answer.Output.ShouldNotContain("a-secret");
        (Engine.ReadLaunch(answer, isCluster: true)?.Code).ShouldBe(code);
    }

    [Fact]
    public async Task A_launcher_that_cannot_check_is_not_asked()
    {
        Program("launch-cluster.sh", "case $1 in --help) exit 1 ;; esac; echo 'Error: Unknown argument or action: --check-config'; exit 1");

        Engine.ReadLaunch(await CheckLaunchAsync(), isCluster: true).ShouldBeNull();
    }

    [Theory]
    [InlineData("exit 0", null)]
    [InlineData("echo 'permission denied while trying to connect to the Docker daemon socket' >&2; exit 1", "docker_denied")]
    [InlineData("echo 'Cannot connect to the Docker daemon' >&2; exit 1", "docker_down")]
    public async Task Docker_that_cannot_be_used_is_told_whatever_the_launcher(string docker, string? code)
    {
        Program("docker", docker);

        var look = await InspectAsync();

        look.DockerTrouble?.Code.ShouldBe(code);
        look.DockerTrouble?.Message.ShouldContain("Spark 1");
        (look.DockerTrouble is null).ShouldBe(code is null);
    }

    [Fact]
    public async Task Docker_in_a_folder_that_ssh_commands_do_not_search_is_told_with_the_folder()
    {
        Directory.CreateDirectory(_folder.File(".local/bin"));
        Program(".local/bin/docker", "exit 0");

        var trouble = (await InspectAsync()).DockerTrouble.ShouldNotBeNull();
        trouble.Code.ShouldBe("docker_not_on_path");
        trouble.Message.ShouldContain("/.local/bin");
        trouble.Advice!.ShouldContain("/usr/local/bin");
    }

    [Fact]
    public async Task Another_cache_folder_arrives_as_HF_HOME_and_every_word_arrives_whole()
    {
        Program("launch-cluster.sh", """printf '%s\n' "$HF_HOME" "$@"; cat""");
        var script = RemoteScript.Load(typeof(VllmEngine), "launch-with-cache");

        (await RunAsync(ShellCommand.Of(script, "home", "my models", "./launch-cluster.sh", "exec", "a b", "$(id)")))
            .Output.ShouldBe($"{_folder.Path}/my models\nexec\na b\n$(id)\n");
        (await RunAsync(ShellCommand.Of(script, "abs", "/srv/models", "./launch-cluster.sh", "x"))).Output.ShouldBe("/srv/models\nx\n");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ServerPresence> LookAsync() => Engine.ReadPresence(Home.Main, await RunAsync(Engine.Look(Home.Main)));

    private async Task<(bool Ray, bool Solo)> CapabilitiesAsync() =>
        (await InspectAsync()).Capabilities is { } launcher ? (launcher.HasRayOption, launcher.HasSoloOption) : throw new InvalidOperationException("no launcher");

    private Task<ShellOutcome.Completed> CheckLaunchAsync() =>
        RunAsync(ShellCommand.Of(RemoteScript.Load(typeof(VllmEngine), "check-launch"), "--name", "vllm_node", "--apply-mod", "x"));

    private async Task<LauncherLook> InspectAsync(RemotePath? folder = null, LaneDefinition? lane = null)
    {
        var host = Home.Cluster.Hosts[0] with { LaunchDirectory = folder ?? RemotePath.Parse("~") };
        return Engine.ReadLauncher(lane ?? Home.Main, host, await RunAsync(Engine.InspectLauncher(host)));
    }

    private void Program(string name, string body)
    {
        File.WriteAllText(_folder.File(name), $"#!/bin/sh\n{body.ReplaceLineEndings("\n")}\n");
        File.SetUnixFileMode(_folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<ShellOutcome.Completed> RunAsync(ShellCommand command)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command.Script!.Text);
        start.ArgumentList.Add("sh");
        foreach (var word in command.Words)
        {
            start.ArgumentList.Add(word);
        }

        // Only the stand-ins and the basic tools: a docker of this machine must not be found.
        var tools = Directory.CreateDirectory(_folder.File("tools")).FullName;
        foreach (var tool in new[] { "sh", "bash", "grep", "cat", "cut", "sha256sum", "sed", "head", "timeout" }.Where(tool => !File.Exists(Path.Combine(tools, tool))))
        {
            File.CreateSymbolicLink(Path.Combine(tools, tool), new[] { "/bin", "/usr/bin" }.Select(folder => Path.Combine(folder, tool)).First(File.Exists));
        }

        start.Environment["PATH"] = $"{_folder.Path}:{tools}";
        start.Environment["HOME"] = _folder.Path;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().DefaultTimeout();
        return new ShellOutcome.Completed(process.ExitCode, await output.DefaultTimeout(), await errors.DefaultTimeout());
    }
}
