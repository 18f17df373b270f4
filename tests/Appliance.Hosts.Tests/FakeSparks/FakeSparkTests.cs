using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Hosts.Tests.Ssh;
using Appliance.TestKit.Sshd;
using Appliance.TestKit.Time;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.FakeSparks;

/// <summary>The stand-in does what the product will rely on: eugr/spark-vllm-docker, launch-cluster.sh, as a controller sees it.</summary>
public sealed class FakeSparkTests : IAsyncLifetime
{
    private static readonly RemotePath LaunchFolder = RemotePath.Parse("~/spark-vllm-docker");

    private readonly HttpClient _http = new();
    private FakeSpark _spark = null!;
    private ShellUnderTest _shell = null!;

    public async Task InitializeAsync()
    {
        _spark = await FakeSpark.StartAsync();
        _shell = await ShellUnderTest.ForAsync(_spark.Sshd);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _shell.DisposeAsync();
        await _spark.DisposeAsync();
    }

    [Fact]
    public async Task Launched_server_receives_exactly_the_words_and_answers()
    {
        var port = FakeSpark.FreePort();
        ImmutableArray<string> serve =
        [
            "vllm", "serve", FakeSpark.Models[0].ToString(), "--port", port.ToString(CultureInfo.InvariantCulture), "--served-model-name", "small",
            "--mm-processor-kwargs={\"max_pixels\": 2000000}", "--chat-template", "it's $HOME & \"more\"\n;", "",
        ];

        var launched = (await LaunchAsync(serve)).ShouldBeOfType<ShellOutcome.Completed>();
        await WaitForLogAsync("Application startup complete.");

        launched.ExitCode.ShouldBe(0);
        launched.Errors.ShouldBeEmpty();
        launched.Output.ShouldContain("Command dispatched in background (Daemon mode). Container: vllm_node");
        _spark.FindReceivedWords().ShouldNotBeNull().ShouldBe(serve);

        var models = await _http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{port}/v1/models");
        models.GetProperty("data")[0].GetProperty("id").GetString().ShouldBe("small");
        models.GetProperty("data")[0].GetProperty("root").GetString().ShouldBe(FakeSpark.Models[0].ToString());
        (await _http.GetAsync(new Uri($"http://127.0.0.1:{port}/health"))).EnsureSuccessStatusCode();
        await ShouldChatAsync(port);
        (await LookAtServerAsync()).ShouldBe("container\nserver yes\n");

        await StopAndWaitAsync();
        (await LookAtServerAsync()).ShouldBe("gone\n");
        await Should.ThrowAsync<HttpRequestException>(() => _http.GetAsync(new Uri($"http://127.0.0.1:{port}/health")));
        (await RunAsync("docker", "logs", "vllm_node")).ShouldBeOfType<ShellOutcome.Completed>().ExitCode.ShouldBe(1, "the log goes with the container");
    }

    [Fact]
    public async Task Trap_d_hostile_words_survive_the_whole_chain()
    {
        _spark.LetServerDie("");
        await LaunchAsync(["vllm", "serve", "x"]);
        foreach (var words in HostileText.Words.Sample(30, 400).Chunk(100))
        {
            ImmutableArray<string> serve = ["vllm", "serve", .. words];

            (await LaunchAndWaitForWordsAsync(serve)).ShouldBe(serve);
        }
    }

    [Fact]
    public async Task Trap_e_launcher_before_PR_76_changes_words_so_its_version_has_to_be_looked_at()
    {
        var launcher = Path.Combine(_spark.Home, "spark-vllm-docker", "launch-cluster.sh");
        var text = await File.ReadAllTextAsync(launcher);
        await File.WriteAllTextAsync(launcher, text.Replace("command=$(printf \"%q \" \"$@\")", "command=\"$*\""));
        _spark.LetServerDie("");

        var received = await LaunchAndWaitForWordsAsync(["vllm", "serve", "two words"]);

        received.ShouldBe(["vllm", "serve", "two", "words"]);
    }

    [Fact]
    public async Task Products_look_at_the_launcher_finds_what_it_can() => (await InspectLauncherAsync()).ShouldStartWith("docker ok\nlauncher ok\nsolo yes\nray yes\nhash ");

    [Fact]
    public async Task Launch_without_the_image_exits_with_0_and_says_so_on_standard_error_only()
    {
        _spark.RemoveImages();

        var launched = (await LaunchAsync(["vllm", "serve", "x"])).ShouldBeOfType<ShellOutcome.Completed>();

        launched.ExitCode.ShouldBe(0);
        launched.Output.ShouldContain("Command dispatched in background");
        launched.Errors.ShouldContain("docker: Error response from daemon:");
        launched.Errors.ShouldContain("No such container: vllm_node");
    }

    [Fact]
    public async Task Container_outlives_a_server_that_died_and_keeps_its_log()
    {
        _spark.LetServerDie("ValueError: Free memory on device cuda:0 (36.75/121.63 GiB) on startup is less than desired\nthe end\n");

        (await LaunchAsync(["vllm", "serve", "x"])).IsOk.ShouldBeTrue();
        await WaitForLogAsync("the end");

        (await RunAsync("docker", "ps", "--format", "{{.Names}}")).ShouldBe(new ShellOutcome.Completed(0, "vllm_node\n", ""));
        (await RunAsync("docker", "inspect", "--format", "{{json .State}}", "vllm_node"))
            .ShouldBeOfType<ShellOutcome.Completed>().Output.ShouldContain("\"Status\":\"running\"");
        (await RunAsync("docker", "logs", "--tail", "2", "vllm_node")).ShouldBeOfType<ShellOutcome.Completed>().Output.ShouldStartWith("ValueError: Free memory");
        (await LookAtServerAsync()).ShouldBe("container\nserver no\n");
        await StopAndWaitAsync();
    }

    [Fact]
    public async Task Second_launch_goes_into_the_running_container()
    {
        _spark.LetServerDie("");
        await LaunchAsync(["vllm", "serve", "first"]);

        var second = (await LaunchAsync(["vllm", "serve", "second"])).ShouldBeOfType<ShellOutcome.Completed>();

        second.Output.ShouldContain("is already running on head node");
        _spark.ReadDockerCalls().Count(call => call[0] == "run").ShouldBe(1);
        _spark.ReadDockerCalls().Count(call => call[0] == "exec").ShouldBe(2);
    }

    [Fact]
    public async Task Docker_that_is_down_answers_like_a_client_without_a_daemon()
    {
        _spark.SetDockerDown(true);

        var outcome = (await RunAsync("docker", "ps", "-a", "--format", "{{.Names}}")).ShouldBeOfType<ShellOutcome.Completed>();

        outcome.ExitCode.ShouldBe(1);
        outcome.Errors.ShouldContain("Cannot connect to the Docker daemon");
    }

    [Fact]
    public async Task Gpu_tool_answers_as_on_unified_memory() =>
        (await RunAsync("nvidia-smi", "--query-gpu=name,memory.total,temperature.gpu", "--format=csv,noheader"))
            .ShouldBe(new ShellOutcome.Completed(0, "NVIDIA GB10, [N/A], 41\n", ""));

    [Fact]
    public async Task Cache_holds_complete_models_behind_links()
    {
        var outcome = await _shell.RunScriptAsync(
            "cd \"$HOME/.cache/huggingface/hub/models--example-org--Vision-8B\" && find -L snapshots -type f -name '*.safetensors' | wc -l && find snapshots -type l | wc -l");

        outcome.ShouldBe(new ShellOutcome.Completed(0, "3\n5\n", ""));
    }

    private Task<ShellOutcome> RunAsync(params string[] words) => _shell.RunAsync(words);

    private Task<string> LookAtServerAsync() => ReadAsync(ShellCommand.Of(RemoteScript.Load(typeof(IEngine), "look-at-server"), "vllm_node"));

    private Task<string> InspectLauncherAsync() =>
        ReadAsync(ShellCommand.Of(RemoteScript.Load(typeof(IEngine), "inspect-launcher"), "home", "spark-vllm-docker"));

    private async Task<string> ReadAsync(ShellCommand command) => (await _shell.RunAsync(command)).ShouldBeOfType<ShellOutcome.Completed>().Output;

    private Task<ShellOutcome> LaunchAsync(ImmutableArray<string> serve) =>
        _shell.RunAsync(ShellCommand.Of(["./launch-cluster.sh", "--solo", "--name", "vllm_node", "-d", "exec", .. serve]) with { WorkingDirectory = LaunchFolder });

    /// <summary>The launcher answers before the server has started: waits on the host for the file that it leaves.</summary>
    private async Task<ImmutableArray<string>> LaunchAndWaitForWordsAsync(ImmutableArray<string> serve)
    {
        await _shell.RunScriptAsync("rm -f \"$FAKE_SPARK_STATE/received-argv\"");
        (await LaunchAsync(serve)).IsOk.ShouldBeTrue();
        (await _shell.RunScriptAsync("while [ ! -e \"$FAKE_SPARK_STATE/received-argv\" ]; do sleep 0.02; done")).IsOk.ShouldBeTrue();
        return _spark.FindReceivedWords()!.Value;
    }

    private async Task WaitForLogAsync(string fragment)
    {
        using var stop = new CancellationTokenSource();
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = ShellCommand.Of("docker", "logs", "--follow", "--tail", "200", "vllm_node") with { Deadline = TimeSpan.FromMinutes(1) };
        var following = _shell.Shell.FollowAsync(ShellUnderTest.Spark, command, Look, stop.Token);
        await Task.WhenAny(seen.Task, following).DefaultTimeout();
        seen.Task.IsCompleted.ShouldBeTrue($"the log ended without '{fragment}'");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => following.DefaultTimeout());

        void Look(string line)
        {
            if (line.Contains(fragment, StringComparison.Ordinal))
            {
                seen.TrySetResult();
            }
        }
    }

    private async Task StopAndWaitAsync()
    {
        (await RunAsync("docker", "stop", "vllm_node")).ShouldBe(new ShellOutcome.Completed(0, "vllm_node\n", ""));
        (await _shell.RunScriptAsync("while docker ps -a --format '{{.Names}}' | grep -qx vllm_node; do sleep 0.05; done")).IsOk.ShouldBeTrue();
    }

    private async Task ShouldChatAsync(int port)
    {
        var uri = new Uri($"http://127.0.0.1:{port}/v1/chat/completions");
        using var whole = await _http.PostAsJsonAsync(uri, new { model = "small", max_tokens = 1, messages = Array.Empty<object>() });
        var answer = await whole.Content.ReadFromJsonAsync<JsonElement>();
        answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(1);

        using var stream = await _http.PostAsJsonAsync(uri, new { model = "small", stream = true, messages = Array.Empty<object>() });
        stream.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await stream.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");
        (await _http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"))).ShouldContain("vllm:generation_tokens_total{engine=\"0\",model_name=\"small\"} 5.0");
    }
}
