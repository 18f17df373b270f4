using Appliance.Cluster.Reservations;
using Appliance.Cluster.Events;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.Demo.Scenarios;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class SwapQueueTests : RigTests
{

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _rig.Settings.With(SwapSettings.StaySeconds, "0");
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Serving?.Id is not null);
    }

    [Fact]
    public async Task Waiting_changes_have_places_and_begin_in_their_order()
    {
        var first = await _rig.AcceptedAsync(Gemma);
        var second = await _rig.AcceptedAsync(Oss, queue: true);
        var third = await _rig.AcceptedAsync(Qwen, queue: true);

        first.Position.ShouldBeNull();
        (second.State, second.Position).ShouldBe((SwapState.Queued, 1));
        (third.State, third.Position).ShouldBe((SwapState.Queued, 2));
        _rig.View.Current.MainLane!.Queue.Select(job => job.Id).ShouldBe([second.Id, third.Id]);

        var ended = new[] { await _rig.EndedAsync(first), await _rig.EndedAsync(second), await _rig.EndedAsync(third) };
        ended.ShouldAllBe(job => job.State == SwapState.Live);
        ended.Select(job => job.EndedAt!.Value).ShouldBeInOrder();
        ended[1].Steps[0].Kind.ShouldBe(SwapStepKind.Queue);
        ended[2].From.ShouldBe(RepoId.Parse(Oss).Id);
        _rig.Demo.FindServing(LaneId.Main).ShouldBe(RepoId.Parse(Qwen));
        _rig.View.Current.MainLane!.Queue.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_does_not_queue_is_refused_while_somebody_waits_and_so_is_a_stop()
    {
        _rig.Settings.With(SwapSettings.StaySeconds, "3600");
        await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        var waiting = await _rig.AcceptedAsync(Oss, queue: true);

        (await _rig.RequestAsync(Qwen, queue: false)).ShouldBeOfType<SwapOutcome.InProgress>().Running.Id.ShouldBe(waiting.Id);
        (await _rig.Swaps.StopAsync(LaneId.Main, LanePass.None, "Bob", CancellationToken.None)).ShouldBeOfType<SwapOutcome.InProgress>();
        (await _rig.RequestAsync(Gemma, queue: false)).ShouldBeOfType<SwapOutcome.AlreadySo>();
    }

    [Fact]
    public async Task A_wish_for_the_model_that_came_up_is_fulfilled_without_a_restart_and_before_others()
    {
        _rig.Settings.With(SwapSettings.StaySeconds, "3600");
        var first = await _rig.AcceptedAsync(Gemma);
        var other = await _rig.AcceptedAsync(Oss, queue: true);
        var same = await _rig.AcceptedAsync(Gemma, queue: true);

        same.Position.ShouldBe(1);
        (await _rig.EndedAsync(first)).State.ShouldBe(SwapState.Live);
        (await _rig.EndedAsync(same)).State.ShouldBe(SwapState.Live);

        (await _rig.Swaps.FindAsync(other.Id, CancellationToken.None))!.State.ShouldBe(SwapState.Queued);
        _rig.Demo.Ran.Count(ran => ran.Command.Words.Contains(Gemma)).ShouldBe(1);
    }

    [Fact]
    public async Task A_wish_that_waits_is_not_fulfilled_by_a_model_that_has_died()
    {
        _rig.Settings.With(SwapSettings.StaySeconds, "3600");
        await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        var other = await _rig.AcceptedAsync(Oss, queue: true);
        await _rig.Demo.KillServerAsync(LaneId.Main);

        var same = await _rig.RequestAsync(Gemma, queue: true);

        (await _rig.EndedAsync(other)).State.ShouldBe(SwapState.Live);
        _rig.Settings.With(SwapSettings.StaySeconds, "0");
        var ended = await _rig.EndedAsync(same.ShouldBeOfType<SwapOutcome.Accepted>().Job);
        ended.State.ShouldBe(SwapState.Live);
        _rig.Demo.FindServing(LaneId.Main).ShouldBe(RepoId.Parse(Gemma));
        _rig.Demo.Ran.Count(ran => ran.Command.Words.Contains(Gemma)).ShouldBe(2);
    }

    [Fact]
    public async Task A_waiting_change_can_be_taken_back_and_the_others_move_up()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.SlowLoad);
        var running = await _rig.AcceptedAsync(Gemma);
        var second = await _rig.AcceptedAsync(Oss, queue: true);
        var third = await _rig.AcceptedAsync(Qwen, queue: true);

        await _rig.Swaps.CancelAsync(second.Id, LanePass.None, "Alice", CancellationToken.None);

        (await _rig.EndedAsync(second)).State.ShouldBe(SwapState.Cancelled);
        _rig.View.Current.MainLane!.Queue.ShouldHaveSingleItem().ShouldSatisfyAllConditions(job => job.Id.ShouldBe(third.Id), job => job.Position.ShouldBe(1));
        _rig.View.Current.MainLane!.Swap!.Id.ShouldBe(running.Id);
    }

    [Fact]
    public async Task A_waiting_change_survives_a_restart_with_its_place_and_ends_with_one_event()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.SlowLoad);
        await _rig.AcceptedAsync(Gemma);
        var second = await _rig.AcceptedAsync(Oss, queue: true);
        var third = await _rig.AcceptedAsync(Qwen, queue: true);

        await _rig.StopAsync();
        await _rig.Demo.SwitchAsync(DemoScenario.Calm);
        await _rig.StartAgainAsync();

        (await _rig.EndedAsync(second)).State.ShouldBe(SwapState.Live);
        (await _rig.EndedAsync(third)).State.ShouldBe(SwapState.Live);
        var events = await _rig.Get<IEventLog>().ReadAsync(0, null, 100, CancellationToken.None);
        events.Count(happened => happened.CorrelationId == third.Id.Value && happened.Type == EventTypes.SwapComplete).ShouldBe(1);
    }

    [Fact]
    public async Task What_may_not_run_when_its_turn_comes_ends_with_the_reason()
    {
        _rig.Settings.With(SwapSettings.StaySeconds, "3600");
        await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        var waiting = await _rig.AcceptedAsync(Oss, queue: true);
        await _rig.Demo.SwitchAsync(new DemoFaults { Offline = [HostId.Parse("spark-1")] });
        await _rig.WhenAsync(snapshot => snapshot.Hosts[0].Fault is not null);

        _rig.Settings.With(SwapSettings.StaySeconds, "0");

        var refused = await _rig.EndedAsync(waiting);
        refused.State.ShouldBe(SwapState.Failed);
        refused.Failure!.Code.ShouldBe("host_unreachable");
        refused.Failure.Message.ShouldStartWith("When its turn came: ");
    }

    [Fact]
    public async Task A_program_gone_wild_is_stopped_at_thirty_two()
    {
        // An answer that goes on holds the first change where it is, however long the others take to ask.
        _rig.Settings.With(SwapSettings.DrainSeconds, "600");
        using var answer = _rig.Get<GatewayTraffic>().Begin("main");
        await _rig.AcceptedAsync(Gemma);
        for (var count = 0; count < WaitingSwaps.Most; count++)
        {
            await _rig.AcceptedAsync(count % 2 == 0 ? Oss : Qwen, queue: true);
        }

        (await _rig.RequestAsync(Oss, queue: true)).ShouldBe(new SwapOutcome.QueueFull(WaitingSwaps.Most));
    }
}
