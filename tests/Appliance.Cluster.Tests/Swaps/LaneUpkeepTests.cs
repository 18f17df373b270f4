using Appliance.Cluster.Events;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.Demo.Cache;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class LaneUpkeepTests : RigTests
{
    private static readonly RepoId Serving = RepoId.Parse(Qwen);

    [Fact]
    public async Task A_model_that_crashes_seconds_after_its_first_answer_is_told_with_its_log_and_the_one_before_comes_back()
    {
        var job = await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        await _rig.Demo.KillServerAsync(LaneId.Main);

        var rescue = (await _rig.WhenAsync(snapshot => snapshot.MainLane!.LastSwap is { RequestedBy: SwapRescue.Requester })).MainLane!.LastSwap!;

        (rescue.State, rescue.Model).ShouldBe((SwapState.Live, Serving.Id));
        _rig.Demo.FindServing(LaneId.Main).ShouldBe(Serving);
        (await _rig.Swaps.FindAsync(job.Id, CancellationToken.None))!.State.ShouldBe(SwapState.Live, "a terminal state never changes");
        (await EventsAsync(EventTypes.ModelCrashed)).ShouldHaveSingleItem().CorrelationId.ShouldBe(job.Id.Value);
        (await _rig.Swaps.ReadServerLogsAsync(job.Id, CancellationToken.None)).ShouldContain(log => log.StartedBy == job.Id && log.StoppedBy == null && !log.Lines.IsEmpty);
    }

    [Fact]
    public async Task A_model_that_crashes_seconds_after_its_first_answer_while_the_appliance_is_off_is_told_too()
    {
        var job = await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        await _rig.StopAsync();
        await _rig.Demo.KillServerAsync(LaneId.Main);
        await _rig.StartAgainAsync();

        var rescue = (await _rig.WhenAsync(snapshot => snapshot.MainLane!.LastSwap is { RequestedBy: SwapRescue.Requester })).MainLane!.LastSwap!;

        (rescue.State, rescue.Model).ShouldBe((SwapState.Live, Serving.Id));
        var crashed = (await EventsAsync(EventTypes.ModelCrashed)).ShouldHaveSingleItem();
        crashed.CorrelationId.ShouldBe(job.Id.Value);
        crashed.Sentence.ShouldContain("after its first answer");
    }

    [Fact]
    public void A_token_that_is_heard_of_too_late_shows_nothing_as_serving()
    {
        var watch = _rig.Get<LaneWatch>();

        watch.Answered(LaneId.Main, Serving.ToString(), Serving, _rig.Clock.GetTimestamp() - (LaneVerdict.ObservationPeriod.Ticks * 2));
        _rig.View.Current.MainLane!.Serving.ShouldBeNull();

        watch.Answered(LaneId.Main, Serving.ToString(), Serving, _rig.Clock.GetTimestamp());
        _rig.View.Current.MainLane!.Serving.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_model_that_somebody_started_by_hand_is_adopted_and_shown_as_such()
    {
        await _rig.EndedAsync((await _rig.Swaps.StopAsync(LaneId.Main, LanePass.None, "Alice", CancellationToken.None)).ShouldBeOfType<SwapOutcome.Accepted>().Job);
        await _rig.Demo.StartByHandAsync(LaneId.Main, DemoModels.Gemma, CancellationToken.None);

        var lane = (await _rig.WhenAsync(snapshot => snapshot.MainLane!.Drift is not null)).MainLane!;

        lane.Serving!.Id.ShouldBe(RepoId.Parse(Gemma).Id);
        lane.Drift!.ShouldEndWith("was started outside the appliance.");
        (await EventsAsync(EventTypes.LaneDrift)).ShouldHaveSingleItem();

        await _rig.EndedAsync(await _rig.AcceptedAsync(Serving.ToString()));
        (await _rig.WhenAsync(snapshot => snapshot.MainLane!.Drift is null)).MainLane!.Serving!.Id.ShouldBe(Serving.Id);
    }

    [Fact]
    public async Task A_model_that_is_gone_after_a_restart_is_said_to_be_gone()
    {
        await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        await _rig.StopAsync();
        await _rig.Demo.KillContainerAsync(HostId.Parse("spark-1"), "vllm_node");
        await _rig.StartAgainAsync();

        (await _rig.WhenAsync(snapshot => snapshot.MainLane!.Drift is not null)).MainLane!.Drift!.ShouldContain("was running here and is gone");
    }

    [Fact]
    public async Task A_server_that_ended_in_its_container_is_called_crashed_and_its_log_is_kept()
    {
        await _rig.Demo.KillServerAsync(LaneId.Main);

        var lane = (await _rig.WhenAsync(snapshot => snapshot.MainLane!.Condition.Kind == ConditionKind.Crashed)).MainLane!;

        lane.Condition.Reason.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_home_model_comes_back_after_an_idle_time_and_not_while_somebody_asks()
    {
        await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        _rig.Settings.With(SwapSettings.HomeModel, Serving.ToString());
        _rig.Settings.With(SwapSettings.HomeAfterMinutes, "30");
        using var answer = _rig.Get<GatewayTraffic>().Begin("main");
        await TicksAsync();

        _rig.Clock.Jump(TimeSpan.FromMinutes(31));
        await TicksAsync();
        _rig.View.Current.MainLane!.Swap.ShouldBeNull();

        answer.Dispose();
        await TicksAsync();
        _rig.Clock.Jump(TimeSpan.FromMinutes(31));

        var job = (await _rig.WhenAsync(snapshot => snapshot.MainLane!.LastSwap is { RequestedBy: HomeTurn.Requester })).MainLane!.LastSwap!;
        (job.State, job.Model).ShouldBe((SwapState.Live, Serving.Id));
    }

    /// <summary>Until the loop has looked around once more: a command behind two of its ticks.</summary>
    private async Task TicksAsync()
    {
        var mailbox = _rig.Get<SwapMailbox>();
        for (var tick = 0; tick < 2; tick++)
        {
            mailbox.Tick();
            await _rig.Swaps.CancelAsync(SwapJobId.Parse("swap-none"), LanePass.None, "Alice", CancellationToken.None);
        }
    }

    private async Task<IReadOnlyList<ApplianceEvent>> EventsAsync(string type) => [.. await _rig.Get<IEventLog>().ReadAsync(0, type, 100, CancellationToken.None)];
}
