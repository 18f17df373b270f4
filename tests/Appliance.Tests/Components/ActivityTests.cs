using System.Collections.Immutable;
using Appliance.Cluster.Swaps;
using Appliance.Swaps;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class ActivityTests : ComponentTests
{
    [Fact]
    public void Every_change_has_its_outcome_duration_asker_and_log()
    {
        var room = Show([Given.Swap(SwapState.RolledBack) with { Note = "nightly digest" }]);

        room.Words().ShouldContain("Went back Gemma 4 26B did not start; Qwen3.6 35B came back Took 1 min 38 s · asked for by you · nightly digest");
        room.Link("Steps and log").GetAttribute("href").ShouldBe("/swaps/swap-1");
    }

    [Fact]
    public void Running_change_is_shown_as_it_is_now()
    {
        var room = Show([Given.Swap(SwapState.Draining)], Given.Snapshot().Swapping(Given.Swap(SwapState.Probing)));

        room.Words().ShouldContain("Gemma 4 26B is about to give its first answer");
        room.Words().ShouldContain("Running for 1 min 38 s");
    }

    [Fact]
    public void Empty_history_says_what_will_be_there() => Show([]).Words().ShouldContain("Nothing has been changed yet.");

    [Fact]
    public void History_that_is_being_read_says_so() => Show(null).Words().ShouldContain("Reading the history…");

    [Fact]
    public void Failed_step_is_named_with_its_log()
    {
        var room = Render<SwapRoom>(parameters => parameters
            .Add(swap => swap.Job, Given.Swap(SwapState.RolledBack))
            .Add(swap => swap.Lines, ["one", "two"])
            .Add(swap => swap.LeftOut, 7)
            .Add(swap => swap.Moment, At(Given.Snapshot().Build()))
            .Add(swap => swap.OnCancel, _ => { }));

        room.Words().ShouldContain("Loading the weights, 9 of 14 – failed here 10 s");
        room.Words().ShouldContain("Brought Qwen3.6 35B back");
        room.Find("pre").TextContent.ShouldBe("one\ntwo");
        room.Words().ShouldContain("The first 7 lines are left out here");
        room.Link("Open as text").GetAttribute("href").ShouldBe("/api/swap/swap-1/logs");
    }

    private IRenderedComponent<ActivityRoom> Show(ImmutableArray<SwapJob>? jobs, SnapshotBuilder? home = null) => Render<ActivityRoom>(parameters => parameters
        .Add(room => room.Jobs, jobs)
        .Add(room => room.Moment, At((home ?? Given.Snapshot()).Build())));
}
