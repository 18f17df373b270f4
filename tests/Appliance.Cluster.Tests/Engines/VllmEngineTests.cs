using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Engines;

public class VllmEngineTests
{
    private static readonly VllmEngine Engine = new();
    private static readonly LauncherCapabilities June = new(HasRayOption: false, HasSoloOption: true);

    [Fact]
    public void A_solo_recipe_becomes_exactly_these_words()
    {
        var recipe = Sample(RecipePlacement.Solo) with
        {
            Arguments = ["--max-model-len=4096", """--mm-processor-kwargs={"max_pixels": 2000000}"""],
            Environment = ImmutableSortedDictionary<string, string>.Empty.Add("VLLM_X", "1"),
            Mods = ["mods/a", "mods/b"],
            Image = "vllm-node-mxfp4",
        };

        var plan = Engine.Plan(Home.Main, Home.Cluster, recipe, null);

        plan.Command.Words.ShouldBe(
        [
            "./launch-cluster.sh", "--name", "vllm_node", "-t", "vllm-node-mxfp4", "--solo", "--apply-mod", "mods/a", "--apply-mod", "mods/b", "-e", "VLLM_X=1",
            "-d", "exec", "vllm", "serve", "org/name", "--host=0.0.0.0", "--port=8888", "--max-model-len=4096", """--mm-processor-kwargs={"max_pixels": 2000000}""",
            "--tensor-parallel-size", "1",
        ]);
        plan.Command.WorkingDirectory.ShouldBe(RemotePath.Parse("~/spark-vllm-docker"));
        plan.Command.Script.ShouldBeNull();
        plan.ServeArguments.ShouldBe(plan.Command.Words[14..]);
        plan.Host.ShouldBe(HostId.Parse("spark-1"));
        plan.Hosts.ShouldBe([HostId.Parse("spark-1")]);
        plan.ServedName.ShouldBe("org/name");
    }

    [Fact]
    public void A_cluster_recipe_runs_on_all_hosts_and_leaves_the_way_to_a_new_launcher()
    {
        var plan = Engine.Plan(Home.Main, Home.Cluster, Sample(RecipePlacement.Cluster), null);

        plan.Command.Words.ShouldNotContain("--solo");
        plan.ServeArguments[^2..].ShouldBe(["--tensor-parallel-size", "2"]);
        plan.Hosts.Length.ShouldBe(2);
    }

    [Fact]
    public void A_launcher_without_the_ray_option_is_told_to_use_ray_but_only_for_a_cluster()
    {
        Engine.Plan(Home.Main, Home.Cluster, Sample(RecipePlacement.Cluster), June).ServeArguments[^2..].ShouldBe(["--distributed-executor-backend", "ray"]);
        Engine.Plan(Home.Main, Home.Cluster, Sample(RecipePlacement.Solo), June).ServeArguments.ShouldNotContain("ray");
    }

    [Fact]
    public void A_recipe_for_any_number_of_machines_runs_on_the_head()
    {
        var plan = Engine.Plan(Home.Main, Home.Cluster, Sample(RecipePlacement.Any), null);

        plan.Command.Words.ShouldContain("--solo");
        plan.Hosts.ShouldBe([HostId.Parse("spark-1")]);
    }

    [Fact]
    public void A_recipe_that_says_how_it_is_split_is_left_alone()
    {
        var recipe = Sample(RecipePlacement.Cluster) with { Arguments = ["--pipeline-parallel-size=2"] };

        Engine.Plan(Home.Main, Home.Cluster, recipe, null).ServeArguments.ShouldNotContain("--tensor-parallel-size");
    }

    [Fact]
    public void The_small_lane_uses_its_own_host_port_container_and_image()
    {
        var lane = Home.Small with { Image = "vllm-small" };

        var words = Engine.Plan(lane, Home.Cluster, Sample(RecipePlacement.Solo), null).Command.Words;

        words[..6].ShouldBe(["./launch-cluster.sh", "--name", "vllm_small", "-t", "vllm-small", "--solo"]);
        words.ShouldContain("--port=8002");
    }

    [Fact]
    public void No_option_reaches_the_server_that_neither_the_recipe_nor_the_lane_declares()
    {
        foreach (var recipe in RecipeCatalog.Recipes)
        {
            foreach (var launcher in new[] { null, June })
            {
                var plan = Engine.Plan(Home.Main, Home.Cluster, recipe, launcher);

                plan.ServeArguments[..3].ShouldBe(["vllm", "serve", recipe.Repo.ToString()]);
                plan.ServeArguments.Skip(3).Where(word => word[0] == '-').Except(recipe.Arguments)
                    .ShouldBeSubsetOf(["--host=0.0.0.0", "--port=8888", "--tensor-parallel-size", "--distributed-executor-backend"]);
            }
        }
    }

    [Fact]
    public void A_launcher_that_joins_words_gets_them_quoted_for_bash()
    {
        var recipe = Sample(RecipePlacement.Solo) with { Arguments = ["""--x={"a": "it's"}""", "--empty", ""] };

        var plan = Engine.Plan(Home.Main, Home.Cluster, recipe, new LauncherCapabilities(false, true) { Quoting = new QuotingProof(QuotingWay.Quoted) });

        plan.Command.Words.ShouldContain("""'--x={"a": "it'\''s"}'""");
        plan.Command.Words.ShouldContain("''");
        plan.Command.Words.ShouldContain("--port=8888");
        plan.ServeArguments.ShouldContain("""--x={"a": "it's"}""");
    }

    [Fact]
    public void Another_cache_folder_reaches_the_launcher()
    {
        var cluster = Home.Cluster with { Hosts = [.. Home.Cluster.Hosts.Select(host => host with { CacheDirectory = RemotePath.Parse("~/models") })] };

        var command = Engine.Plan(Home.Main, cluster, Sample(RecipePlacement.Solo), null).Command;

        command.Script.ShouldNotBeNull().Name.ShouldBe("launch-with-cache");
        command.Words[..3].ShouldBe(["home", "models", "./launch-cluster.sh"]);
        command.WorkingDirectory.ShouldBe(RemotePath.Parse("~/spark-vllm-docker"));
    }

    [Theory]
    [InlineData("docker ok\nlauncher ok\nsolo yes\nray no\nhash -\n", false, true)]
    [InlineData("launcher ok\nsolo no\nray yes\n", true, false)]
    public void The_launchers_answer_is_read(string output, bool ray, bool solo) =>
        Engine.ReadLauncher(Home.Main, Home.Cluster.Hosts[0], Ok(output)).ShouldBe(new LauncherLook(null, null, new LauncherCapabilities(ray, solo)));

    [Fact]
    public void A_folder_of_models_that_the_launcher_would_split_is_told_before_anything_is_stopped()
    {
        var host = Home.Cluster.Hosts[0] with { CacheDirectory = RemotePath.Parse("~/my models") };

        Engine.ReadLauncher(Home.Main, host, Ok("docker ok\nlauncher ok\nsolo yes\nray yes\n")).LauncherTrouble.ShouldNotBeNull().Code.ShouldBe("cache_folder_has_blank");
    }

    [Theory]
    [InlineData("missing", "docker_missing")]
    [InlineData("denied", "docker_denied")]
    [InlineData("down", "docker_down")]
    [InlineData("elsewhere /home/spark/.local/bin", "docker_not_on_path")]
    public void Docker_that_cannot_be_used_has_a_code_a_sentence_and_an_advice(string state, string code)
    {
        var trouble = Engine.ReadLauncher(Home.Main, Home.Cluster.Hosts[0], Ok($"docker {state}\nlauncher ok\nsolo yes\nray yes\n")).DockerTrouble.ShouldNotBeNull();

        trouble.Code.ShouldBe(code);
        trouble.Message.ShouldContain("Spark 1");
        trouble.Advice.ShouldNotBeNull().ShouldEndWith(".");
    }

    [Fact]
    public void An_odd_answer_is_no_launcher()
    {
        foreach (var answer in new ShellOutcome[]
        {
            Ok(""),
            Ok("launcher missing\n"),
            Ok("launcher ok\nsolo yes\nray maybe\n"),
            new ShellOutcome.Completed(1, "solo yes\nray no\n", ""),
            new ShellOutcome.Unknown(new HostFault(HostFaultKind.ConnectionLost, "lost")),
        })
        {
            var look = Engine.ReadLauncher(Home.Main, Home.Cluster.Hosts[0], answer);

            look.Capabilities.ShouldBeNull();
            look.LauncherTrouble!.Code.ShouldBe("launcher_missing");
        }
    }

    [Fact]
    public void Nothing_but_a_clear_answer_means_gone()
    {
        Engine.ReadPresence(Home.Main, Ok("gone\n")).ShouldBe(ServerPresence.Gone);
        Engine.ReadPresence(Home.Main, Ok("container\nserver yes\n")).ShouldBe(ServerPresence.Running);
        Engine.ReadPresence(Home.Main, Ok("container\nserver no\n")).ShouldBe(ServerPresence.ContainerOnly);
        Engine.ReadPresence(Home.Main, Ok("container\nserver unknown\n")).ShouldBe(ServerPresence.Unknown);
        Engine.ReadPresence(Home.Main, Ok("")).ShouldBe(ServerPresence.Unknown);
        Engine.ReadPresence(Home.Main, new ShellOutcome.Completed(3, "gone\n", "")).ShouldBe(ServerPresence.Unknown);
        Engine.ReadPresence(Home.Main, new ShellOutcome.NotStarted(new HostFault(HostFaultKind.Unreachable, "away"))).ShouldBe(ServerPresence.Unknown);
    }

    [Theory]
    [InlineData("Command dispatched in background (Daemon mode). Container: vllm_node\n", "Unable to find image 'vllm-node:latest' locally\ndocker: Error response from daemon: pull access denied\nError response from daemon: No such container: vllm_node", 0, "image_missing")]
    [InlineData("Command dispatched in background\n", "docker: Error response from daemon: Conflict. The container name \"/vllm_node\" is already in use by container \"abc\".", 0, "container_exists")]
    [InlineData("", "docker: Error response from daemon: could not select device driver \"\" with capabilities: [[gpu]].", 0, "gpu_missing")]
    [InlineData("Warning: Container 'vllm_node' is already running on head node (192.0.2.11).\nCluster containers are already running. Skipping launch.\n", "", 0, "already_running")]
    [InlineData("Error: Passwordless SSH to 192.0.2.12 failed.\n", "", 1, "worker_unreachable")]
    [InlineData("Error: Unexpected number of active CX7 interfaces (1). Expected 2 (non-mesh) or 4 (mesh).\n", "", 1, "cable")]
    [InlineData("Only local node detected/configured. Activating solo mode (no Ray cluster).\nCommand dispatched in background (Daemon mode). Container: vllm_node\n", "", 0, "worker_not_found")]
    [InlineData("Error: No active IB interfaces found.\n", "", 1, "cable")]
    [InlineData("Error: Could not inspect image 'vllm-node' on worker node (192.0.2.12).\nError: Cluster launch aborted because image 'vllm-node' is not in sync.\n", "", 1, "image_missing")]
    [InlineData("Error: Mod path 'mods/x' does not exist.\n", "", 1, "mod_missing")]
    [InlineData("Waiting for cluster to be ready...\nTimeout waiting for cluster to start.\n", "", 1, "cluster_timeout")]
    [InlineData("Error: Patch script failed on 192.0.2.11\n", "", 1, "mod_failed")]
    [InlineData("", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", 0, "docker_down")]
    [InlineData("", "sh: 1: ./launch-cluster.sh: not found", 127, "launcher_missing")]
    [InlineData("", "line 12: syntax error", 2, "launch_failed")]
    [InlineData("", "", 1, "launch_failed")]
    [InlineData("Error: something new\n", "", 0, "launch_failed")]
    public void A_launch_that_failed_is_seen_although_the_exit_code_may_be_0(string output, string errors, int exit, string code) =>
        Engine.ReadLaunch(new ShellOutcome.Completed(exit, output, errors), isCluster: true).ShouldNotBeNull().Code.ShouldBe(code);

    [Fact]
    public void A_launch_that_said_nothing_bad_is_no_failure() =>
        Engine.ReadLaunch(new ShellOutcome.Completed(0, "Starting Head Node on 192.0.2.11...\nCommand dispatched in background (Daemon mode). Container: vllm_node\n", "time stamps\n"), isCluster: true).ShouldBeNull();

    [Fact]
    public void A_launcher_that_is_to_start_one_machine_may_find_no_other() =>
        Engine.ReadLaunch(Ok("Only local node detected/configured. Activating solo mode (no Ray cluster).\n"), isCluster: false).ShouldBeNull();

    [Fact]
    public void Logs_and_stop_use_the_lanes_container()
    {
        Engine.Stop(Home.Main).Words.ShouldBe(["docker", "stop", "vllm_node"]);
        Engine.FollowLog(Home.Main, 50).Words.ShouldBe(["docker", "logs", "--follow", "--tail", "50", "vllm_node"]);
        Engine.TailLog(Home.Main, 250).Words.ShouldBe(["docker", "logs", "--tail", "250", "vllm_node"]);
        Engine.Look(Home.Main).Words.ShouldBe(["vllm_node"]);
        Engine.Look(Home.Main).Script!.Name.ShouldBe("look-at-server");
        Engine.InspectLauncher(Home.Cluster.Hosts[0]).Script!.Name.ShouldBe("inspect-launcher");
    }

    private static ShellOutcome.Completed Ok(string output) => new(0, output, "");

    private static Recipe Sample(RecipePlacement placement) => new()
    {
        Repo = RepoId.Parse("org/name"),
        Name = "Name",
        ServedName = "org/name",
        Placement = placement,
        Source = RecipeSource.Operator,
    };
}
