using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class LaneRecordTests
{
    private static readonly ModelId Gemma = RepoId.Parse("google/gemma").Id;
    private static readonly ModelId Qwen = RepoId.Parse("Qwen/qwen").Id;
    private static readonly LaneRecord Runs = new() { Lane = LaneId.Main, IsSure = true, Model = Qwen, Name = "Qwen", Good = Qwen };

    [Fact]
    public void A_model_that_came_up_is_expected_and_good() =>
        new LaneRecord { Lane = LaneId.Main }.After(Job(SwapState.Live)).ShouldBe(Runs with { Model = Gemma, Name = "Gemma", Good = Gemma });

    [Fact]
    public void A_model_that_was_brought_back_is_expected_and_good() => Runs.After(Job(SwapState.RolledBack) with { RolledBackTo = Qwen, FromName = "Qwen" }).ShouldBe(Runs);

    [Fact]
    public void A_change_that_failed_leaves_the_last_good_model_to_bring_back_another_time() =>
        Runs.After(Job(SwapState.Failed, SwapStepKind.Stop)).ShouldBe(new LaneRecord { Lane = LaneId.Main, Good = Qwen });

    [Fact]
    public void A_change_that_touched_nothing_changes_nothing() => Runs.After(Job(SwapState.Failed, SwapStepKind.Check)).ShouldBeSameAs(Runs);

    [Theory]
    [InlineData(SwapStepKind.Queue)]
    [InlineData(SwapStepKind.Queue, SwapStepKind.FirstAnswer)]
    public void A_wish_that_was_fulfilled_without_a_restart_changes_nothing(params SwapStepKind[] steps) =>
        Runs.After(Job(SwapState.Live, [.. steps])).ShouldBeSameAs(Runs);

    [Fact]
    public void A_model_that_was_stopped_on_purpose_is_not_brought_back() =>
        Runs.After(Job(SwapState.Live, SwapStepKind.Stop) with { Kind = SwapKind.Stop }).ShouldBe(new LaneRecord { Lane = LaneId.Main, IsSure = true });

    [Fact]
    public void What_was_expected_is_no_news() => Runs.Seen(Qwen, "Qwen").ShouldBeSameAs(Runs);

    [Fact]
    public void A_model_that_somebody_started_is_adopted_and_said()
    {
        var seen = Runs.Seen(Gemma, "Gemma");

        seen.Drift.ShouldBe("Gemma was started outside the appliance.");
        seen.Good.ShouldBe(Gemma);
        seen.Seen(Gemma, "Gemma").ShouldBeSameAs(seen);
    }

    [Fact]
    public void A_model_that_is_not_on_the_menu_is_adopted_by_its_name_and_cannot_be_brought_back()
    {
        var seen = Runs.Seen(null, "somebody/else");

        seen.ShouldBe(new LaneRecord { Lane = LaneId.Main, IsSure = true, Name = "somebody/else", Good = Qwen, Drift = "somebody/else was started outside the appliance." });
        seen.Seen(null, "somebody/else").ShouldBeSameAs(seen);
    }

    [Fact]
    public void A_model_that_somebody_stopped_is_said_and_can_be_brought_back() =>
        Runs.Seen(null, null).ShouldBe(new LaneRecord
        {
            Lane = LaneId.Main,
            IsSure = true,
            Good = Qwen,
            Drift = "Qwen was running here and is gone: it was stopped outside the appliance, or its machine was restarted.",
        });

    [Fact]
    public void Where_nothing_was_known_what_is_seen_first_is_taken_as_it_is()
    {
        new LaneRecord { Lane = LaneId.Main }.Seen(Qwen, "Qwen").ShouldBe(Runs);
        new LaneRecord { Lane = LaneId.Main, Good = Qwen }.Seen(null, null).ShouldBe(new LaneRecord { Lane = LaneId.Main, IsSure = true, Good = Qwen });
    }

    private static SwapJob Job(SwapState state, params ImmutableArray<SwapStepKind> begun) => new()
    {
        Id = SwapJobId.Parse("swap-1"),
        Lane = LaneId.Main,
        Kind = SwapKind.Swap,
        Model = Gemma,
        ModelName = "Gemma",
        State = state,
        RequestedBy = "Alice",
        StartedAt = DateTimeOffset.UnixEpoch,
        Steps = [new SwapStep(SwapStepKind.Queue, DateTimeOffset.UnixEpoch), .. begun.Where(kind => kind != SwapStepKind.Queue).Select(kind => new SwapStep(kind, DateTimeOffset.UnixEpoch)), .. begun.Contains(SwapStepKind.Queue) ? Array.Empty<SwapStep>() : [new SwapStep(SwapStepKind.Launch)]],
    };
}
