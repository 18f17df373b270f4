using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Fit;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Demo;
using Appliance.Demo.Cache;
using Appliance.Demo.Machines;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Demo;

/// <summary>The production engine against the simulated machines: what it plans is understood, and what they say is understood.</summary>
public sealed class DemoEngineTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly VllmEngine _engine = new();
    private DemoCluster _demo = null!;

    public static TheoryData<string> Ready =>
    [
        .. new[] { DemoModels.Qwen36, DemoModels.Gemma, DemoModels.GptOss, DemoModels.Qwen35Large, DemoModels.QwenCoder }.Select(model => model.Repo.ToString()),
    ];

    private LaneDefinition Main => _demo.Definition.FindLane(LaneId.Main)!;

    public async Task InitializeAsync() => _demo = await DemoCluster.StartAsync(new DemoOptions(), _clock, CancellationToken.None).DefaultTimeout();

    public Task DisposeAsync() => _demo.DisposeAsync().AsTask().DefaultTimeout();

    [Theory]
    [MemberData(nameof(Ready))]
    public async Task Every_ready_model_of_the_demo_fits_starts_by_its_recipe_and_is_followed_to_the_end(string repo)
    {
        var recipe = Find(repo);
        await StopMainAsync();
        Fit(recipe).IsOk.ShouldBeTrue(Fit(recipe).Why);

        var outcome = await LaunchAsync(recipe);
        _engine.ReadLaunch(outcome, isCluster: false).ShouldBeNull();
        var reader = _engine.ReadStartup();
        var fractions = new List<double>();
        var follow = _demo.Shell.FollowAsync(
            Main.Head,
            _engine.FollowLog(Main, 1000),
            line =>
            {
                reader.Read(line);
                fractions.Add(reader.Progress.Fraction);
            },
            CancellationToken.None);
        await UntilAsync(() => _demo.FindServing(LaneId.Main) is not null);
        await StopMainAsync();
        await follow.DefaultTimeout();

        reader.Progress.Phase.ShouldBe(StartupPhase.Opening);
        reader.Progress.Fraction.ShouldBe(1);
        fractions.ShouldBe(fractions.Order());
        fractions.Distinct().Count().ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task Presence_is_read_in_all_three_pictures()
    {
        (await LookAsync()).ShouldBe(ServerPresence.Running);
        await _demo.KillServerAsync(LaneId.Main);
        (await LookAsync()).ShouldBe(ServerPresence.ContainerOnly);
        await StopMainAsync();
        (await LookAsync()).ShouldBe(ServerPresence.Gone);

        async Task<ServerPresence> LookAsync() =>
            _engine.ReadPresence(Main, await _demo.Shell.RunAsync(Main.Head, _engine.Look(Main), CancellationToken.None).DefaultTimeout());
    }

    [Fact]
    public async Task Launcher_of_the_demo_is_a_new_one()
    {
        var host = _demo.Definition.FindHost(Main.Head)!;

        var look = _engine.ReadLauncher(Main, host, await _demo.Shell.RunAsync(host.Id, _engine.InspectLauncher(host), CancellationToken.None).DefaultTimeout());

        look.DockerTrouble.ShouldBeNull();
        look.Capabilities.ShouldNotBeNull().ShouldBe(new LauncherCapabilities(HasRayOption: true, HasSoloOption: true) { Hash = look.Capabilities!.Hash });
        ImmutableArray<string> words = ["vllm", "serve", "it's", ""];
        var proof = await _demo.Shell.RunAsync(host.Id, _engine.ProveQuoting(host, look.Capabilities, isCluster: false, words), CancellationToken.None).DefaultTimeout();
        _engine.ReadWords((ShellOutcome.Completed)proof).ShouldNotBeNull().ShouldHaveSingleItem().ShouldBe(words);
    }

    [Theory]
    [InlineData("crash-at-start", "model_too_new")]
    [InlineData("out-of-memory", "out_of_memory")]
    public async Task Failed_start_is_diagnosed_from_its_log(string scenario, string code)
    {
        DemoScenario.TryParse(scenario, out var wanted).ShouldBeTrue();
        await _demo.SwitchAsync(wanted);
        await StopMainAsync();

        await LaunchAsync(Find(DemoModels.GptOss.Repo.ToString()));
        await UntilAsync(() => _engine.Diagnose(_demo.ReadLog(Main.Head, Main.Container).Split('\n')) is not null);

        _engine.Diagnose(_demo.ReadLog(Main.Head, Main.Container).Split('\n'))!.Code.ShouldBe(code);
    }

    [Fact]
    public async Task Refused_container_is_seen_in_the_launchers_answer()
    {
        await StopMainAsync();
        await _demo.SwitchAsync(new DemoFaults { DockerRefuses = true });

        _engine.ReadLaunch(await LaunchAsync(Find(DemoModels.Gemma.Repo.ToString())), isCluster: false).ShouldNotBeNull();
    }

    [Fact]
    public void One_model_of_the_demo_has_no_recipe_and_every_other_has() =>
        _demo.Hosts.SelectMany(host => host.Cache.Models).Select(model => model.Repo).Distinct()
            .Where(repo => RecipeCatalog.Recipes.All(recipe => recipe.Repo != repo)).ShouldBe([DemoModels.Granite.Repo]);

    private static Recipe Find(string repo) => RecipeCatalog.Recipes.Single(recipe => recipe.Repo.ToString() == repo);

    private FitVerdict Fit(Recipe recipe)
    {
        var hosts = VllmEngine.HostsOf(Main, recipe).Select(_demo.GetHost);
        var size = _demo.Hosts[0].Cache.Find(recipe.Repo.ToString())!.Size;
        return FitCheck.Decide(recipe, size, [.. hosts.Select(host => new FitHost(host.Name, SimulatedHost.MemoryTotal, host.MemoryAvailable, ByteSize.Zero))])!;
    }

    private async Task<ShellOutcome.Completed> LaunchAsync(Recipe recipe)
    {
        var plan = _engine.Plan(Main, _demo.Definition, recipe, launcher: null);
        var launch = _demo.Shell.RunAsync(plan.Host, plan.Command, CancellationToken.None);
        await UntilAsync(() => launch.IsCompleted);
        var outcome = (await launch).ShouldBeOfType<ShellOutcome.Completed>();
        outcome.ExitCode.ShouldBe(0, outcome.Output);
        return outcome;
    }

    private async Task StopMainAsync()
    {
        foreach (var host in Main.Hosts)
        {
            var stop = _demo.Shell.RunAsync(host, _engine.Stop(Main), CancellationToken.None);
            await UntilAsync(() => stop.IsCompleted);
            await stop;
        }

        _clock.Advance(TimeSpan.FromSeconds(3));
    }

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
