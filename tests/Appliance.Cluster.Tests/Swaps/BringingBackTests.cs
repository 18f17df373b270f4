using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.Demo.Scenarios;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class BringingBackTests : IAsyncLifetime
{
    private const string Gemma = "google/gemma-4-26B-A4B-it";
    private const string Oss = "openai/gpt-oss-120b";
    private ClusterRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await ClusterRig.StartAsync();
        await _rig.WhenReadyAsync();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

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
            (await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma))).State.ShouldBe(SwapState.RolledBack);
        }

        var last = await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));

        last.State.ShouldBe(SwapState.Failed);
        last.Failure!.Message.ShouldContain("is not started again: it was started by itself 3 times within half an hour.");
    }
}
