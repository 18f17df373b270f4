using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Appliance.TestKit.Given;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class HomeTurnTests
{
    private static readonly LaneRecord Known = new() { Lane = LaneId.Main, IsSure = true, Good = RepoId.Parse("Qwen/other").Id };

    [Fact]
    public void It_is_due_where_another_model_answers() => IsDue(Lane(ConditionKind.Working)).ShouldBeTrue();

    [Fact]
    public void It_is_not_due_where_it_runs() => HomeTurn.IsDue(Lane(ConditionKind.Working) with { Serving = Serving() with { Id = Given.Model().Id } }, Known, Given.Model()).ShouldBeFalse();

    [Theory]
    [InlineData(ConditionKind.Stuck)]
    [InlineData(ConditionKind.Starting)]
    [InlineData(ConditionKind.Unknown)]
    [InlineData(ConditionKind.Unreachable)]
    public void It_is_not_due_where_nobody_knows_better(ConditionKind kind) => IsDue(Lane(kind)).ShouldBeFalse();

    [Fact]
    public void It_is_due_where_a_model_crashed_or_a_change_failed() => IsDue(Lane(ConditionKind.Crashed) with { Serving = null }).ShouldBeTrue();

    [Fact]
    public void A_lane_that_was_stopped_on_purpose_stays_stopped()
    {
        var stopped = Lane(ConditionKind.Stopped) with { Serving = null };

        HomeTurn.IsDue(stopped, new LaneRecord { Lane = LaneId.Main, IsSure = true }, Given.Model()).ShouldBeFalse();
        HomeTurn.IsDue(stopped, Known with { Drift = "It was stopped outside the appliance." }, Given.Model()).ShouldBeFalse();
    }

    [Fact]
    public void After_a_failed_return_a_person_looks_first() =>
        IsDue(Lane(ConditionKind.Working) with { LastSwap = Given.Swap() with { RequestedBy = HomeTurn.Requester, State = SwapState.RolledBack } }).ShouldBeFalse();

    [Fact]
    public void A_reservation_is_use_even_when_nothing_is_asked() =>
        HomeTurn.IsInUse(Lane(ConditionKind.Working) with { Reservation = Given.Reservation }).ShouldBeTrue();

    [Fact]
    public void Tokens_waiting_requests_and_changes_are_use()
    {
        HomeTurn.IsInUse(Lane(ConditionKind.Working)).ShouldBeFalse();
        HomeTurn.IsInUse(Lane(ConditionKind.Working) with { Serving = Serving() with { TokensPerSecond = 3 } }).ShouldBeTrue();
        HomeTurn.IsInUse(Lane(ConditionKind.Working) with { Serving = Serving() with { Waiting = 1 } }).ShouldBeTrue();
        HomeTurn.IsInUse(Lane(ConditionKind.Working) with { Swap = Given.Swap() }).ShouldBeTrue();
        HomeTurn.IsInUse(Lane(ConditionKind.Working) with { Queue = [Given.Swap()] }).ShouldBeTrue();
    }

    private static bool IsDue(LaneSnapshot lane) => HomeTurn.IsDue(lane, Known, Given.Model());

    private static LaneSnapshot Lane(ConditionKind kind) => new() { Definition = Given.MainLane, Condition = new Condition(kind), Serving = Serving() };

    private static ServingModel Serving() => new() { Id = RepoId.Parse("Qwen/other").Id, Name = "Other", ServedName = "other", ObservedAt = Given.Now };
}
