using Appliance.Cluster.Events;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.Demo;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

/// <summary>Changes in whose middle the appliance ends or the connection breaks.</summary>
public sealed class InterruptedSwapTests : RigTests
{
    [Fact]
    public async Task A_swap_goes_on_after_the_appliance_was_restarted_and_has_one_ending_event()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.SlowLoad);
        var job = await _rig.AcceptedAsync(Gemma);
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is { State: SwapState.Loading });

        await _rig.StopAsync();
        await _rig.Demo.SwitchAsync(DemoScenario.Calm);
        await _rig.StartAgainAsync();
        var ended = await _rig.EndedAsync(job);

        ended.State.ShouldBe(SwapState.Live);
        var events = await _rig.Get<IEventLog>().ReadAsync(0, null, 100, CancellationToken.None);
        events.Count(happened => happened.CorrelationId == job.Id.Value && happened.Type == EventTypes.SwapComplete).ShouldBe(1);
        _rig.Launches.ShouldBe(1);
    }

    [Fact]
    public async Task A_launch_that_was_under_way_when_the_appliance_ended_is_found_and_not_given_again()
    {
        await using var rig = await SlowRigAsync();
        var job = await rig.AcceptedAsync(Gemma);
        await rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is { State: SwapState.Launching });

        await rig.StopAsync();
        await rig.StartAgainAsync();
        var ended = await rig.EndedAsync(job);

        ended.State.ShouldBe(SwapState.Live, ended.Failure?.Message);
        rig.Demo.FindServing(LaneId.Main).ShouldBe(RepoId.Parse(Gemma));
        rig.Demo.Ran.Where(ClusterRig.IsLaunch).Select(ran => ran.Command.RunId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_that_breaks_during_the_launch_costs_nothing()
    {
        await using var rig = await SlowRigAsync();
        var job = await rig.AcceptedAsync(Gemma);
        await UntilLaunchedAsync(rig).DefaultTimeout();

        await rig.Demo.SwitchAsync(DemoScenario.HostOffline.Faults with { Offline = [rig.Demo.Hosts[0].Id] });
        await rig.Demo.SwitchAsync(DemoScenario.Calm);
        var ended = await rig.EndedAsync(job);

        ended.State.ShouldBe(SwapState.Live, ended.Failure?.Message);
        rig.Demo.FindServing(LaneId.Main).ShouldBe(RepoId.Parse(Gemma));
    }

    // The job is called launching a moment before the machine is told, and one that cannot be told anything starts nothing.
    private static async Task UntilLaunchedAsync(ClusterRig rig)
    {
        while (rig.Launches == 0)
        {
            await Task.Yield();
        }
    }

    /// <summary>Slow enough that a launch can be caught in the act.</summary>
    private static async Task<ClusterRig> SlowRigAsync()
    {
        var rig = await ClusterRig.StartAsync(new DemoOptions { Speed = 20 });
        await rig.WhenReadyAsync();
        return rig;
    }
}
