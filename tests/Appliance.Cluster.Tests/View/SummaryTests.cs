using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Appliance.TestKit.Given;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.View;

public sealed class SummaryTests
{
    private static readonly HostFault Away = new(HostFaultKind.Unreachable, "Spark 1 did not answer within 5 s.", "Is it switched on?");

    public static TheoryData<string, SnapshotBuilder> Headlines => new()
    {
        { "Qwen3.6 35B is answering.", Given.Snapshot() },
        { "Looking around…", Given.Snapshot().LookingAround() },
        { "No machine is set up yet.", Given.Snapshot().With(_ => ClusterSnapshot.Empty) },
        { "Nothing is running. Pick a model to start.", Given.Snapshot().NothingRunning() },
        { "A model is starting.", Given.Snapshot().NothingRunning(ConditionKind.Starting) },
        { "Qwen3.6 35B is answering, and busy.", Given.Snapshot().MainLane(lane => lane with { Condition = new Condition(ConditionKind.Busy) }) },
        { "Checking that Gemma 4 26B can start.", Given.Snapshot().MainLane(lane => lane with { Swap = Given.Swap(SwapState.Preflight) }) },
        { "Qwen3.6 35B is finishing its answers, then Gemma 4 26B starts.", Given.Snapshot().MainLane(lane => lane with { Swap = Given.Swap(SwapState.Draining) }) },
        { "Qwen3.6 35B is stopping, then Gemma 4 26B starts.", Given.Snapshot().Swapping(Given.Swap(SwapState.Stopping)) },
        { "Making room for Gemma 4 26B.", Given.Snapshot().Swapping(Given.Swap(SwapState.Stopping) with { FromName = null }) },
        { "Gemma 4 26B is starting.", Given.Snapshot().Swapping(Given.Swap(SwapState.Launching)) },
        { "Gemma 4 26B is loading its weights.", Given.Snapshot().Swapping(Given.Swap()) },
        { "Gemma 4 26B is warming up.", Given.Snapshot().Swapping(Given.Swap() with { Steps = [new SwapStep(SwapStepKind.WarmUp, Given.Now)] }) },
        { "Gemma 4 26B is loaded and about to answer.", Given.Snapshot().Swapping(Given.Swap(SwapState.Probing)) },
        {
            "Gemma 4 26B did not work; Qwen3.6 35B is coming back.",
            Given.Snapshot().Swapping(Given.Swap() with { Steps = [new SwapStep(SwapStepKind.RollBack, Given.Now)] })
        },
        { "Gemma 4 26B is being stopped.", Given.Snapshot().Swapping(Given.Swap(SwapState.Stopping) with { Kind = SwapKind.Stop }) },
        {
            "The last change did not work; Qwen3.6 35B is back.",
            Given.Snapshot().MainLane(lane => lane with { LastSwap = Given.Swap(SwapState.RolledBack) })
        },
        {
            "Qwen3.6 35B is answering.",
            Given.Snapshot().MainLane(lane => lane with { LastSwap = Given.Swap(SwapState.RolledBack) with { EndedAt = Given.Now.AddHours(-1) } })
        },
        {
            "The last change did not work, and nothing is running. Pick a model to start. One thing needs you.",
            Given.Snapshot().NothingRunning().MainLane(lane => lane with { LastSwap = Given.Swap(SwapState.Failed) })
        },
        {
            "Gemma 4 26B is stuck: it takes questions and gives no answers. One thing needs you.",
            Given.Snapshot().NothingRunning(ConditionKind.Stuck).MainLane(lane => lane with { LastSwap = Given.Swap(SwapState.Live) })
        },
        { "The model stopped by itself. One thing needs you.", Given.Snapshot().NothingRunning(ConditionKind.Crashed) },
        {
            "Spark 1 cannot be reached, so nothing can be said about its model. One thing needs you.",
            Given.Snapshot().NothingRunning(ConditionKind.Unreachable, Away.Message).Unreachable(0, Away)
        },
        { "Spark 1 does not say what it is doing.", Given.Snapshot().NothingRunning(ConditionKind.Unknown, "Its machine gave no clear answer.") },
        { "The model is there, but was not seen to answer lately.", Given.Snapshot().NothingRunning(ConditionKind.Working) },
        { "Qwen3.6 35B is answering.", Given.Snapshot().TwoLanes() },
        {
            "Nothing is running on Main. Gemma 4 26B is answering.",
            Given.Snapshot().TwoLanes().NothingRunning().With(OnSmallLane(lane => lane with
            {
                Serving = SnapshotBuilder.Qwen with { Name = "Gemma 4 26B" },
                Condition = new Condition(ConditionKind.Working),
            }))
        },
        {
            "Qwen3.6 35B is answering. Gemma 4 26B is loading its weights.",
            Given.Snapshot().TwoLanes().With(OnSmallLane(lane => lane with { Swap = Given.Swap() }))
        },
    };

    [Theory]
    [MemberData(nameof(Headlines), DisableDiscoveryEnumeration = true)]
    public void Headline_says_how_it_is(string headline, SnapshotBuilder given) => Summary.Complete(given.Build()).Headline.ShouldBe(headline);

    [Fact]
    public void Many_things_are_counted_in_words()
    {
        var snapshot = Given.Snapshot().With(Services(ConditionKind.Crashed)).Build();

        Summary.Complete(snapshot).Headline.ShouldBe("Qwen3.6 35B is answering. Five things need you.");
    }

    [Theory]
    [InlineData(1, "Matrix bot crashed")]
    [InlineData(3, "Matrix bot crashed 3 times")]
    public void Crashed_service_needs_a_person(int crashes, string title)
    {
        var snapshot = Given.Snapshot().With(Service("matrix-bridge", new Condition(ConditionKind.Crashed) { Crashes = crashes, Reason = "It ended by itself with exit code 1." })).Build();

        var attention = Summary.Complete(snapshot).Attention.ShouldHaveSingleItem();

        attention.Title.ShouldBe(title);
        attention.Message.ShouldBe("It ended by itself with exit code 1. The models are not affected.");
    }

    [Theory]
    [InlineData(ConditionKind.Working)]
    [InlineData(ConditionKind.Busy)]
    [InlineData(ConditionKind.Starting)]
    [InlineData(ConditionKind.Stopped)]
    [InlineData(ConditionKind.Unknown)]
    public void Service_in_order_or_stopped_on_purpose_needs_nobody(ConditionKind kind) =>
        Summary.Complete(Given.Snapshot().With(Services(kind)).Build()).Attention.ShouldBeEmpty();

    [Fact]
    public void Machine_that_is_away_is_told_once_and_not_again_for_what_is_on_it()
    {
        var snapshot = Given.Snapshot().With(Services(ConditionKind.Unreachable)).Unreachable(1, Away with { Message = "Spark 2 did not answer within 5 s." }).Build();

        Summary.Complete(snapshot).Attention.ShouldBe([new Attention("Spark 2 cannot be reached", "Spark 2 did not answer within 5 s.", "Is it switched on?")]);
    }

    [Fact]
    public void Service_that_is_away_on_a_machine_that_is_there_is_told() =>
        Summary.Complete(Given.Snapshot().With(Service("qdrant", new Condition(ConditionKind.Unreachable))).Build())
            .Attention.ShouldHaveSingleItem().Title.ShouldBe("Vectors cannot be reached");

    [Theory]
    [InlineData(HostFaultKind.HostKeyChanged, "Spark 1 shows another key than before")]
    [InlineData(HostFaultKind.HostKeyUnknown, "Spark 1 waits for you to confirm its key")]
    [InlineData(HostFaultKind.AuthenticationFailed, "Spark 1 does not let us in")]
    [InlineData(HostFaultKind.Thrashing, "Spark 1 is overwhelmed")]
    public void Fault_of_a_machine_is_named(HostFaultKind kind, string title) =>
        Summary.Complete(Given.Snapshot().Unreachable(0, new HostFault(kind, "Why.", "What to do.")).Build())
            .Attention.ShouldBe([new Attention(title, "Why.", "What to do.")]);

    [Fact]
    public void Every_kind_of_fault_has_its_words() =>
        Enum.GetValues<HostFaultKind>().Where(kind => kind is not (HostFaultKind.Overloaded or HostFaultKind.OnlyWatched))
            .ShouldAllBe(kind => Summary.Complete(Given.Snapshot().Unreachable(0, new HostFault(kind, "Why.", null)).Build()).Attention.Length == 1);

    [Fact]
    public void Changed_key_comes_first_then_models_then_changes_then_services()
    {
        var snapshot = Given.Snapshot()
            .Unreachable(0, Away)
            .Unreachable(1, new HostFault(HostFaultKind.HostKeyChanged, "Another key."))
            .NothingRunning(ConditionKind.Stuck)
            .MainLane(lane => lane with { LastSwap = Given.Swap(SwapState.Failed) })
            .With(Service("asr", new Condition(ConditionKind.Crashed)))
            .Build();

        Summary.Complete(snapshot).Attention.Select(item => item.Title).ShouldBe(
        [
            "Spark 2 shows another key than before", "Spark 1 cannot be reached", "The model on Main is stuck", "The change to Gemma 4 26B did not work", "Listening crashed",
        ]);
    }

    [Fact]
    public void Failed_change_is_told_with_its_cause_and_advice_until_a_day_has_passed()
    {
        var failed = Given.Swap(SwapState.Failed);
        var told = Summary.Complete(Given.Snapshot().MainLane(lane => lane with { LastSwap = failed }).Build());
        var old = Summary.Complete(Given.Snapshot().MainLane(lane => lane with { LastSwap = failed with { EndedAt = Given.Now.AddDays(-2) } }).Build());

        told.Attention.ShouldBe(
            [new Attention("The change to Gemma 4 26B did not work", "There was not enough memory for its context.", "Lower its context length to 65,536.") { Change = failed.Id }]);
        old.Attention.ShouldBeEmpty();
    }

    [Fact]
    public void Failed_change_is_not_told_when_the_wanted_model_answers_after_all() =>
        Summary.Complete(Given.Snapshot().MainLane(lane => lane with
        {
            LastSwap = Given.Swap(SwapState.Failed),
            Serving = SnapshotBuilder.Qwen with { Id = Given.Swap().Model },
        }).Build()).Attention.ShouldBeEmpty();

    [Fact]
    public void Nothing_is_told_of_a_lane_while_it_is_being_changed() =>
        Summary.Complete(Given.Snapshot().NothingRunning(ConditionKind.Crashed).MainLane(lane => lane with
        {
            LastSwap = Given.Swap(SwapState.Failed),
            Swap = Given.Swap(),
        }).Build()).Attention.ShouldBeEmpty();

    [Fact]
    public void Unchanged_summary_is_the_same_instance()
    {
        var complete = Summary.Complete(Given.Snapshot().With(Services(ConditionKind.Crashed)).Build());

        Summary.Complete(complete).ShouldBeSameAs(complete);
        var next = Summary.Complete(complete with { Generation = 9, Headline = "" });
        next.Attention.Equals(complete.Attention).ShouldBeTrue();
        next.Headline.ShouldBe(complete.Headline);
    }

    [Fact]
    public void Item_that_stays_is_the_same_instance_when_another_goes()
    {
        var both = Summary.Complete(Given.Snapshot()
            .With(Service("asr", new Condition(ConditionKind.Crashed))).With(Service("tts", new Condition(ConditionKind.Crashed))).Build());
        var one = Summary.Complete(Service("asr", new Condition(ConditionKind.Working))(both));

        one.Attention.ShouldHaveSingleItem().ShouldBeSameAs(both.Attention[1]);
    }

    private static Func<ClusterSnapshot, ClusterSnapshot> OnSmallLane(Func<LaneSnapshot, LaneSnapshot> change) =>
        snapshot => snapshot with { Lanes = snapshot.Lanes.SetItem(1, change(snapshot.Lanes[1])) };

    private static Func<ClusterSnapshot, ClusterSnapshot> Services(ConditionKind kind) =>
        snapshot => snapshot with { Services = [.. snapshot.Services.Select(service => service with { Condition = new Condition(kind) })] };

    private static Func<ClusterSnapshot, ClusterSnapshot> Service(string id, Condition condition) => snapshot => snapshot with
    {
        Services = [.. snapshot.Services.Select(service => service.Definition.Id == ServiceId.Parse(id) ? service with { Condition = condition } : service)],
    };
}
