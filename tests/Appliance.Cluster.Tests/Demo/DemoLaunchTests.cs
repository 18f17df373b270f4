using System.Collections.Immutable;
using System.Text.Json;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Demo;
using Appliance.Demo.Cache;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Demo;

public sealed class DemoLaunchTests : IAsyncLifetime
{
    private static readonly HostId First = HostId.Parse("spark-1");
    private static readonly HostId Second = HostId.Parse("spark-2");
    private readonly ManualClock _clock = new();
    private DemoCluster _demo = null!;

    public async Task InitializeAsync() => _demo = await DemoCluster.StartAsync(new DemoOptions(), _clock, CancellationToken.None).DefaultTimeout();

    public Task DisposeAsync() => _demo.DisposeAsync().AsTask().DefaultTimeout();

    private LaneDefinition Main => _demo.Definition.FindLane(LaneId.Main)!;

    [Fact]
    public async Task Demo_at_the_start_serves_a_model_on_both_lanes()
    {
        foreach (var (lane, repo) in new[] { (Main, DemoModels.Qwen36.Repo), (_demo.Definition.Lanes[1], DemoModels.Qwen3Small.Repo) })
        {
            (await ServedAsync(lane)).ShouldBe(repo.ToString());
            _demo.FindServing(lane.Id).ShouldBe(repo);
        }

        (await RunAsync(First, "docker", "logs", "--tail", "1", "vllm_node")).ShouldEndWith("Application startup complete.\n");
        _demo.GetHost(First).MemoryAvailable.ShouldBeLessThan(ByteSize.FromGigabytes(75));
    }

    [Fact]
    public async Task Launch_after_a_stop_writes_every_phase_and_then_answers()
    {
        await StopMainAsync();
        (await LaunchAsync(DemoModels.GptOss)).IsOk.ShouldBeTrue();
        await UntilAsync(() => _demo.FindServing(LaneId.Main) is not null);

        var log = await RunAsync(First, "docker", "logs", "--tail", "500", "vllm_node");

        var at = 0;
        foreach (var phase in new[]
        {
            "non-default args", "Resolved architecture: GptOssForCausalLM", "Initializing a V1 LLM engine", "Starting to load model", "Completed | 0/15", "100% Completed | 15/15",
            "Loading weights took", "torch.compile took", "Available KV cache memory", "Capturing CUDA graphs", "Graph capturing finished", "init engine", "Starting vLLM server on",
            "Application startup complete.",
        })
        {
            var next = log.IndexOf(phase, at, StringComparison.Ordinal);
            next.ShouldBeGreaterThanOrEqualTo(at, phase);
            at = next;
        }

        (await ServedAsync(Main)).ShouldBe("openai/gpt-oss-120b");
    }

    [Fact]
    public async Task Launch_takes_a_newcomer_20_to_40_seconds_of_the_clock()
    {
        await StopMainAsync();
        await LaunchAsync(DemoModels.QwenCoder);
        var began = _clock.GetUtcNow();

        await UntilAsync(() => _demo.FindServing(LaneId.Main) is not null);

        (_clock.GetUtcNow() - began).ShouldBeInRange(TimeSpan.FromSeconds(18), TimeSpan.FromSeconds(41));
    }

    [Fact]
    public async Task Launch_over_two_hosts_runs_a_container_and_holds_memory_on_both()
    {
        await StopMainAsync();
        await LaunchAsync(DemoModels.Qwen35Large, "-n", "127.0.0.1,127.0.0.2");
        await UntilAsync(() => _demo.FindServing(LaneId.Main) is not null);

        foreach (var host in _demo.Hosts)
        {
            host.ContainerNames.ShouldContain("vllm_node");
            host.MemoryOfModels.ShouldBeGreaterThan(ByteSize.FromGigabytes(63));
            (await ScriptAsync(host.Id, "look-at-server", "vllm_node")).ShouldBe("container\nserver yes\n");
        }

        await StopAsync(Second, "vllm_node");
        _demo.FindServing(LaneId.Main).ShouldBeNull();
    }

    [Fact]
    public async Task Launch_beside_a_running_server_says_so_and_leaves_the_first_in_place()
    {
        var outcome = await LaunchAsync(DemoModels.GptOss);

        outcome.ExitCode.ShouldBe(0);
        outcome.Output.ShouldContain("Cluster containers are already running. Skipping launch.");
        await UntilAsync(() => Log("vllm_node").Contains("address already in use"));
        (await ServedAsync(Main)).ShouldBe(DemoModels.Qwen36.Repo.ToString());
    }

    [Fact]
    public async Task Launch_refused_by_docker_still_exits_with_zero()
    {
        await StopMainAsync();
        await _demo.SwitchAsync(new DemoFaults { DockerRefuses = true });

        var outcome = await LaunchAsync(DemoModels.GptOss);

        outcome.ExitCode.ShouldBe(0);
        outcome.Errors.ShouldContain("docker: Error response from daemon:");
        outcome.Output.ShouldContain("Command dispatched in background");
        (await ScriptAsync(First, "look-at-server", "vllm_node")).ShouldBe("gone\n");
    }

    [Theory]
    [InlineData("crash-at-start", "are not supported for now")]
    [InlineData("out-of-memory", "torch.OutOfMemoryError: CUDA out of memory")]
    public async Task Launch_that_fails_leaves_a_container_without_a_server_and_the_cause_in_its_log(string scenario, string cause)
    {
        await StopMainAsync();
        DemoScenario.TryParse(scenario, out var wanted).ShouldBeTrue();
        await _demo.SwitchAsync(wanted);

        (await LaunchAsync(DemoModels.GptOss)).ExitCode.ShouldBe(0);
        await UntilAsync(() => Log("vllm_node").Contains(cause));
        await UntilAsync(() => _demo.GetHost(First).MemoryOfModels < ByteSize.FromGigabytes(8));

        (await ScriptAsync(First, "look-at-server", "vllm_node")).ShouldBe("container\nserver no\n");
        await StopMainAsync();
        await LaunchAsync(DemoModels.Qwen36);
        await UntilAsync(() => _demo.FindServing(LaneId.Main) == DemoModels.Qwen36.Repo);
    }

    [Fact]
    public async Task Launch_of_a_model_larger_than_the_free_memory_names_the_numbers()
    {
        await StopMainAsync();
        await LaunchAsync(DemoModels.Qwen35Large, "--solo");

        await UntilAsync(() => Log("vllm_node").Contains("on startup is less than desired GPU memory utilization"));
        await UntilAsync(() => Log("vllm_node").Contains("Engine core initialization failed. See root cause above."));
    }

    [Fact]
    public async Task Followed_log_ends_when_the_container_is_gone()
    {
        await StopMainAsync();
        await LaunchAsync(DemoModels.Gemma);
        var lines = new List<string>();
        var follow = _demo.Shell.FollowAsync(
            First, ShellCommand.Of("docker", "logs", "--follow", "--tail", "100", "vllm_node") with { Deadline = TimeSpan.FromHours(1) }, lines.Add, CancellationToken.None);
        await UntilAsync(() => _demo.FindServing(LaneId.Main) is not null);

        await StopMainAsync();

        (await follow.DefaultTimeout()).IsOk.ShouldBeTrue();
        lines[^1].ShouldContain("Application startup complete.");
    }

    [Fact]
    public async Task Stop_while_loading_leaves_nothing_behind()
    {
        await StopMainAsync();
        await LaunchAsync(DemoModels.Gemma);
        _clock.Advance(TimeSpan.FromSeconds(12));

        await StopMainAsync();

        _demo.GetHost(First).ContainerNames.ShouldNotContain("vllm_node");
        _demo.GetHost(First).MemoryOfModels.ShouldBeLessThan(ByteSize.FromGigabytes(8));
        (await RunAsync(First, "docker", "inspect", "--format", "{{json .State}}", "vllm_node")).ShouldBe("\n");
    }

    [Fact]
    public async Task Killed_server_leaves_its_container_and_a_hand_start_runs_beside_the_appliance()
    {
        (await _demo.KillServerAsync(LaneId.Main)).ShouldBeTrue();
        (await ScriptAsync(First, "look-at-server", "vllm_node")).ShouldBe("container\nserver no\n");
        (await _demo.KillContainerAsync(First, "vllm_node")).ShouldBeTrue();
        (await ScriptAsync(First, "look-at-server", "vllm_node")).ShouldBe("gone\n");

        var launch = _demo.StartByHandAsync(LaneId.Main, DemoModels.Gemma, CancellationToken.None);
        await UntilAsync(() => _demo.FindServing(LaneId.Main) == DemoModels.Gemma.Repo);

        (await launch).ExitCode.ShouldBe(0);
    }

    private Task StopMainAsync() => StopAsync(First, "vllm_node");

    private async Task StopAsync(HostId host, string container)
    {
        var stop = _demo.Shell.RunAsync(host, ShellCommand.Of("docker", "stop", container), CancellationToken.None);
        await UntilAsync(() => stop.IsCompleted);
        (await stop).ShouldBeOfType<ShellOutcome.Completed>();
    }

    private async Task<ShellOutcome.Completed> LaunchAsync(DemoModel model, params string[] options)
    {
        ImmutableArray<string> words =
        [
            "./launch-cluster.sh", .. options.Length == 0 ? ["--solo"] : options, "-d", "exec", "vllm", "serve", model.Repo.ToString(), "--host", "0.0.0.0", "--port", $"{Main.Port}",
            .. options.Contains("-n") ? ["-tp", "2"] : Array.Empty<string>(),
        ];
        var command = ShellCommand.Of(words) with { WorkingDirectory = RemotePath.Parse("~/spark-vllm-docker") };
        var launch = _demo.Shell.RunAsync(First, command, CancellationToken.None);
        await UntilAsync(() => launch.IsCompleted);
        return (await launch).ShouldBeOfType<ShellOutcome.Completed>();
    }

    private string Log(string container) => _demo.ReadLog(First, container);

    private async Task<string> RunAsync(HostId host, params string[] words) =>
        (await _demo.Shell.RunAsync(host, ShellCommand.Of([.. words]), CancellationToken.None).DefaultTimeout()).ShouldBeOfType<ShellOutcome.Completed>().Output;

    private async Task<string> ScriptAsync(HostId host, string name, params string[] parameters) =>
        (await _demo.Shell.RunAsync(host, ShellCommand.Of(new RemoteScript(name, ""), [.. parameters]), CancellationToken.None).DefaultTimeout())
            .ShouldBeOfType<ShellOutcome.Completed>().Output;

    private async Task<string?> ServedAsync(LaneDefinition lane)
    {
        using var http = new HttpClient();
        var json = await http.GetStringAsync(new Uri(_demo.Definition.FindEndpoint(lane)!, "/v1/models")).DefaultTimeout();
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("data")[0].GetProperty("id").GetString();
    }

    // The clock moves only when somebody waits for it; what runs on pool threads meanwhile is given its turn.
    private async Task UntilAsync(Func<bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            if (!_clock.AdvanceToNextTimer(TimeSpan.FromSeconds(10)))
            {
                await Task.Yield();
            }
        }
    }
}
