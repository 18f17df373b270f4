using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.Demo.Scenarios;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

/// <summary>The model before comes back after a change that did not work.</summary>
public sealed class BringingBackTests : RigTests
{
    [Fact]
    public async Task A_model_that_crashes_at_start_is_explained_and_the_previous_one_is_back()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.CrashAtStart);

        var ended = await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));

        ended.State.ShouldBe(SwapState.RolledBack);
        ended.RolledBackTo.ShouldBe(RepoId.Parse(Qwen).Id);
        ended.Failure!.LogTail.ShouldNotBeEmpty();
        _rig.Demo.FindServing(LaneId.Main).ShouldBe(RepoId.Parse(Qwen));
    }

    [Fact]
    public async Task Cancelling_brings_the_previous_model_back()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.SlowLoad);
        var job = await _rig.AcceptedAsync(Gemma);
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is { State: SwapState.Loading });

        (await _rig.Swaps.CancelAsync(job.Id, LanePass.None, "Alice", CancellationToken.None)).ShouldBeOfType<CancelOutcome.Cancelling>().Job.Id.ShouldBe(job.Id);
        await _rig.Demo.SwitchAsync(DemoScenario.Calm);
        var ended = await _rig.EndedAsync(job);

        ended.State.ShouldBe(SwapState.Cancelled);
        ended.RolledBackTo.ShouldBe(RepoId.Parse(Qwen).Id);
        ended.Failure!.Message.ShouldContain("Alice");
    }

    [Fact]
    public async Task The_last_good_model_is_brought_back_after_a_restart_and_after_a_change_that_failed()
    {
        await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        await _rig.Demo.SwitchAsync(new DemoFaults { StartFailure = StartFailure.Crash });
        (await _rig.EndedAsync(await _rig.AcceptedAsync(Oss))).State.ShouldBe(SwapState.Failed);

        await _rig.StopAsync();
        await _rig.Demo.SwitchAsync(new DemoFaults { StartFailure = StartFailure.Crash, StartFailureSpares = [RepoId.Parse(Gemma)] });
        await _rig.StartAgainAsync();
        var job = await _rig.EndedAsync(await _rig.AcceptedAsync(Oss));

        (job.State, job.RolledBackTo).ShouldBe((SwapState.RolledBack, RepoId.Parse(Gemma).Id));
    }

    [Fact]
    public async Task A_model_is_not_brought_back_for_ever()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.CrashAtStart);
        for (var attempt = 0; attempt < StartBudget.PerModel; attempt++)
        {
            var ended = await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));

            ended.State.ShouldBe(SwapState.RolledBack, ended.Failure!.Message);
        }

        var last = await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));

        last.State.ShouldBe(SwapState.Failed);
        last.Failure!.Message.ShouldContain("is not started again: it was started by itself 3 times within half an hour.");
    }
}
