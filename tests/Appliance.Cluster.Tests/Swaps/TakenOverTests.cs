using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

/// <summary>Machines that another appliance uses or has used.</summary>
public sealed class TakenOverTests : RigTests
{
    [Fact]
    public async Task A_new_installation_takes_over_machines_that_another_has_used()
    {
        await TakeOverAsync(5000);

        var ended = await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));

        ended.State.ShouldBe(SwapState.Live);
        ended.Epoch.ShouldBe(5001);
        await _rig.StopAsync();
        await _rig.StartAgainAsync();
        await _rig.WhenReadyAsync();
        (await _rig.AcceptedAsync(Qwen)).Epoch.ShouldBe(5002);
    }

    [Fact]
    public async Task A_job_whose_machine_was_taken_over_stops_nothing_and_starts_nothing()
    {
        var answer = _rig.Get<GatewayTraffic>().Begin("main");
        var job = await _rig.AcceptedAsync(Gemma);
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is { State: SwapState.Draining });
        await TakeOverAsync(5000);

        answer.Dispose();
        var ended = await _rig.EndedAsync(job);

        ended.State.ShouldBe(SwapState.Failed);
        ended.Failure!.Code.ShouldBe("taken_over");
        ended.Failure.Message.ShouldBe("Another appliance, or a newer copy of this one, has taken over Spark 1.");
        _rig.Demo.FindServing(LaneId.Main).ShouldBe(RepoId.Parse(Qwen));
        _rig.Launches.ShouldBe(0);
    }

    [Fact]
    public async Task A_start_that_fails_after_the_machine_was_taken_over_brings_nothing_back()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.SlowLoad);
        var job = await _rig.AcceptedAsync(Gemma);
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is { State: SwapState.Loading });
        await TakeOverAsync(5000);

        await _rig.Demo.KillContainerAsync(_rig.Demo.Hosts[0].Id, "vllm_node");
        var ended = await _rig.EndedAsync(job);

        ended.Failure!.Code.ShouldBe("taken_over");
        _rig.Launches.ShouldBe(1);
    }

    [Fact]
    public async Task Stopping_is_fenced_too()
    {
        await TakeOverAsync(5000);

        var outcome = await _rig.Swaps.StopAsync(LaneId.Main, LanePass.None, "Alice", CancellationToken.None);
        var ended = await _rig.EndedAsync(outcome.ShouldBeOfType<SwapOutcome.Accepted>().Job);

        ended.State.ShouldBe(SwapState.Live);
        ended.Epoch.ShouldBe(5001);
    }

    /// <summary>Another appliance does something on both machines.</summary>
    private async Task TakeOverAsync(long epoch)
    {
        foreach (var host in _rig.Demo.Hosts)
        {
            var command = ShellCommand.Of("docker", "ps", "-a", "--format", "{{.Names}}") with { Fence = new Fence("vllm_node", epoch, "another") };
            (await _rig.Demo.Shell.RunAsync(host.Id, command, CancellationToken.None).DefaultTimeout()).IsOk.ShouldBeTrue();
        }
    }
}
