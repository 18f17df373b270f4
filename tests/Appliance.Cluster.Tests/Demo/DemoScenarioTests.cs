using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Demo;
using Appliance.Demo.Cache;
using Appliance.Demo.FakeUpstreams;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Demo;

public sealed class DemoScenarioTests
{
    private static readonly HostId First = HostId.Parse("spark-1");
    private static readonly HostId Second = HostId.Parse("spark-2");
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData("calm", true)]
    [InlineData("1", true)]
    [InlineData("ON", true)]
    [InlineData("out_of_memory", true)]
    [InlineData("Host-Offline", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("chaos", false)]
    public void Scenario_is_read_by_name(string? text, bool isKnown) => DemoScenario.TryParse(text, out _).ShouldBe(isKnown);

    [Fact]
    public void Every_scenario_can_be_read_back_by_its_name() =>
        DemoScenario.All.Select(scenario => DemoScenario.TryParse(scenario.Name, out var read) ? read : null).ShouldBe(DemoScenario.All);

    [Fact]
    public async Task Demo_definition_says_that_it_is_one_and_names_loopback_only()
    {
        await using var demo = await StartAsync(DemoScenario.Calm);

        demo.Definition.IsDemo.ShouldBeTrue();
        demo.Definition.Hosts.Select(host => host.Address).ShouldBe(["127.0.0.1", "127.0.0.2"]);
        demo.Definition.Lanes.Select(lane => lane.Id.Value).ShouldBe(["main", "small"]);
        demo.Definition.Services.Select(service => service.Id.Value).ShouldBe(["asr", "tts", "embeddings", "qdrant", "matrix-bridge"]);
    }

    [Fact]
    public async Task Services_answer_and_stop_and_start_with_their_containers()
    {
        await using var demo = await StartAsync(DemoScenario.Calm);
        foreach (var service in demo.Definition.Services)
        {
            demo.GetHost(service.Host).ContainerNames.ShouldContain(service.Container!);
            var isUp = demo.Definition.FindEndpoint(service) is not { } endpoint || await AnswersAsync(new Uri(endpoint, service.HealthPath));
            isUp.ShouldBeTrue(service.Name);
        }

        var asr = demo.Definition.Services[0];
        var health = new Uri(demo.Definition.FindEndpoint(asr)!, asr.HealthPath);
        var stop = demo.Shell.RunAsync(asr.Host, ShellCommand.Of("docker", "stop", asr.Container!), CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await stop.DefaultTimeout()).IsOk.ShouldBeTrue();
        (await AnswersAsync(health)).ShouldBeFalse();

        (await demo.Shell.RunAsync(asr.Host, ShellCommand.Of("docker", "start", asr.Container!), CancellationToken.None).DefaultTimeout()).IsOk.ShouldBeTrue();
        (await AnswersAsync(health)).ShouldBeTrue();
    }

    [Fact]
    public async Task Wedged_names_its_model_and_generates_nothing()
    {
        await using var demo = await StartAsync(DemoScenario.Wedged);
        var main = demo.Definition.FindEndpoint(demo.Definition.Lanes[0])!;

        (await AnswersAsync(new Uri(main, "/v1/models"))).ShouldBeTrue();
        demo.FindServer(LaneId.Main)!.Behaviour.Wedged.ShouldBeTrue();
        demo.FindServer(LaneId.Parse("small"))!.Behaviour.Wedged.ShouldBeFalse();

        await demo.SwitchAsync(DemoScenario.Calm);
        demo.FindServer(LaneId.Main)!.Behaviour.Wedged.ShouldBeFalse();
    }

    [Fact]
    public async Task Offline_host_answers_nothing_and_is_back_with_everything()
    {
        await using var demo = await StartAsync(DemoScenario.HostOffline);
        var small = new Uri(demo.Definition.FindEndpoint(demo.Definition.Lanes[1])!, "/v1/models");

        (await demo.Shell.RunAsync(Second, ShellCommand.Of("docker", "stop", "x"), CancellationToken.None)).ShouldBeOfType<ShellOutcome.NotStarted>();
        (await AnswersAsync(small)).ShouldBeFalse();

        await demo.SwitchAsync(new DemoFaults { Offline = [First] });
        var asr = new Uri(demo.Definition.FindEndpoint(demo.Definition.Services[0])!, "/health");
        (await AnswersAsync(small)).ShouldBeTrue();
        (await AnswersAsync(asr)).ShouldBeFalse();

        await demo.SwitchAsync(DemoScenario.Calm);
        (await AnswersAsync(asr)).ShouldBeTrue();
    }

    [Fact]
    public async Task Host_that_goes_offline_breaks_a_followed_log_with_an_unknown_outcome()
    {
        await using var demo = await StartAsync(DemoScenario.Calm);
        var follow = demo.Shell.FollowAsync(Second, ShellCommand.Of("docker", "logs", "--follow", "--tail", "1", "vllm_small"), _ => { }, CancellationToken.None);

        await demo.SwitchAsync(DemoScenario.HostOffline);

        (await follow.DefaultTimeout()).ShouldBeOfType<ShellOutcome.Unknown>().Fault.Kind.ShouldBe(HostFaultKind.ConnectionLost);
    }

    [Fact]
    public async Task Full_disk_leaves_little_room_and_docker_refuses()
    {
        await using var demo = await StartAsync(DemoScenario.DiskFull);
        await demo.KillContainerAsync(First, "vllm_node");

        var launch = demo.StartByHandAsync(LaneId.Main, DemoModels.Gemma, CancellationToken.None);
        while (!launch.IsCompleted)
        {
            _clock.AdvanceToNextTimer(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        var outcome = await launch;
        outcome.ExitCode.ShouldBe(0);
        outcome.Errors.ShouldContain("no space left on device");
    }

    [Fact]
    public async Task Crashed_service_stays_down_with_its_exit_code_until_it_is_healed()
    {
        await using var demo = await StartAsync(DemoScenario.ServiceCrashed);
        var inspect = ShellCommand.Of("docker", "inspect", "--format", "{{json .State}}", "matrix-bridge");

        var crashed = (await demo.Shell.RunAsync(First, inspect, CancellationToken.None)).ShouldBeOfType<ShellOutcome.Completed>().Output;
        crashed.ShouldContain("\"Status\":\"exited\"");
        crashed.ShouldContain("\"ExitCode\":1");

        await demo.SwitchAsync(DemoScenario.Calm);
        (await demo.Shell.RunAsync(First, inspect, CancellationToken.None)).ShouldBeOfType<ShellOutcome.Completed>().Output.ShouldContain("\"Running\":true");
    }

    [Fact]
    public async Task Memory_of_a_stopped_model_comes_back_within_seconds_and_not_at_once()
    {
        await using var demo = await StartAsync(DemoScenario.Calm);
        var before = demo.GetHost(First).MemoryAvailable;

        await demo.KillServerAsync(LaneId.Main);

        demo.GetHost(First).MemoryAvailable.ShouldBe(before);
        _clock.Advance(TimeSpan.FromSeconds(2));
        demo.GetHost(First).MemoryAvailable.ShouldBeGreaterThan(before + ByteSize.FromGigabytes(40));
    }

    [Fact]
    public async Task Busy_host_is_hot_and_slow()
    {
        await using var demo = await StartAsync(DemoScenario.Busy);

        demo.FindServer(LaneId.Main)!.Behaviour.HealthDelay.ShouldBeGreaterThan(TimeSpan.Zero);
        demo.FindServer(LaneId.Main)!.Behaviour.TokensPerSecond.ShouldBeLessThan(10);
    }

    [Fact]
    public async Task Slow_load_takes_four_times_as_long()
    {
        await using var demo = await StartAsync(DemoScenario.SlowLoad, startsWithModels: false);
        var launch = demo.StartByHandAsync(LaneId.Main, DemoModels.Granite, CancellationToken.None);
        var began = _clock.GetUtcNow();
        while (demo.FindServing(LaneId.Main) is null)
        {
            _clock.AdvanceToNextTimer(TimeSpan.FromSeconds(20));
            await Task.Yield();
        }

        await launch;
        (_clock.GetUtcNow() - began).ShouldBeGreaterThan(TimeSpan.FromSeconds(80));
    }

    [Fact]
    public async Task Unknown_command_and_lone_surrogate_are_refused_as_the_seam_asks()
    {
        await using var demo = await StartAsync(DemoScenario.Calm);

        (await demo.Shell.RunAsync(First, ShellCommand.Of("rm", "-rf", "x"), CancellationToken.None)).ShouldBeOfType<ShellOutcome.Completed>().ExitCode.ShouldBe(127);
        await Should.ThrowAsync<ArgumentException>(() => demo.Shell.RunAsync(First, ShellCommand.Of("docker", "stop", "a\0b"), CancellationToken.None));
        await Should.ThrowAsync<ArgumentException>(() => demo.Shell.RunAsync(First, ShellCommand.Of("docker", "stop", "\uD800"), CancellationToken.None));
    }

    [Fact]
    public async Task Fast_demo_loads_in_real_time_within_a_moment()
    {
        await using var demo = await DemoCluster.StartAsync(
            new DemoOptions { Speed = 1000, ServerBehaviour = FakeServerBehaviour.Immediate }, TimeProvider.System, CancellationToken.None).DefaultTimeout();
        await demo.KillContainerAsync(First, "vllm_node");
        await demo.StartByHandAsync(LaneId.Main, DemoModels.GptOss, CancellationToken.None).DefaultTimeout();

        var began = TimeProvider.System.GetTimestamp();
        while (demo.FindServing(LaneId.Main) is null)
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(20), demo.ReadLog(First, "vllm_node"));
            await Task.Yield();
        }
    }

    private Task<DemoCluster> StartAsync(DemoScenario scenario, bool startsWithModels = true) => DemoCluster.StartAsync(
        new DemoOptions { Scenario = scenario, StartsWithModels = startsWithModels }, _clock, CancellationToken.None).DefaultTimeout();

    private static async Task<bool> AnswersAsync(Uri address)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync(address).DefaultTimeout();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
