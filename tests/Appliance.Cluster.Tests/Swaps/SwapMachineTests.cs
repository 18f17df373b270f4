using Appliance.Cluster.Engines;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Swaps;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class SwapMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 7, 42, 0, TimeSpan.Zero);
    private static readonly SwapTarget Gemma = Target("google/gemma-4-26B-A4B-it");
    private static readonly SwapTarget Qwen = Target("RedHatAI/Qwen3.6-35B-A3B-NVFP4");
    private static readonly SwapFailure OutOfMemory = new("out_of_memory", "The memory is full.", null, ["torch.OutOfMemoryError"]);

    [Fact]
    public void A_swap_that_goes_well_stops_before_it_launches_and_is_live_after_a_token()
    {
        var effects = new List<SwapEffect>();
        var swap = Begin(Swap(), effects);

        swap = Feed(swap, effects, new SwapInput.PreflightPassed(0), new SwapInput.Drained(), new SwapInput.LogKept());
        effects.ShouldBe([new SwapEffect.CheckFirst(Gemma), new SwapEffect.Drain(), new SwapEffect.KeepLog(), new SwapEffect.StopServers()]);

        swap = Feed(swap, effects, new SwapInput.StopSent(), new SwapInput.SeenGone(), new SwapInput.MemoryBack(null), new SwapInput.Launched(), new SwapInput.Named());
        swap.Job.State.ShouldBe(SwapState.Probing);

        swap = Feed(swap, effects, new SwapInput.Generated(4711));
        swap.TokenAt.ShouldBe(4711, "the token is as old as it is, however late it is heard of");
        effects[4..].ShouldBe([new SwapEffect.AwaitMemory(Gemma, IsLastResort: false), new SwapEffect.Launch(Gemma), new SwapEffect.AwaitServer(Gemma)]);
        swap.Job.State.ShouldBe(SwapState.Live);
        swap.Job.Progress.ShouldBe(100);
        swap.Job.Failure.ShouldBeNull();
        swap.Job.Steps.ShouldAllBe(step => step.EndedAt != null || step.StartedAt == null);
    }

    [Fact]
    public void A_failed_check_ends_the_job_and_nothing_was_touched()
    {
        var effects = new List<SwapEffect>();
        var swap = Feed(Begin(Swap(), effects), effects, new SwapInput.PreflightFailed(OutOfMemory));

        swap.Job.State.ShouldBe(SwapState.Failed);
        effects.ShouldNotContain(effect => effect is SwapEffect.StopServers || effect is SwapEffect.Launch);
    }

    [Fact]
    public void A_failed_start_brings_the_previous_model_back_and_says_why()
    {
        var effects = new List<SwapEffect>();
        var swap = Feed(UpTo(SwapState.Loading, effects), effects, new SwapInput.StartFailed(OutOfMemory));
        swap.Job.State.ShouldBe(SwapState.Stopping);

        swap = Feed(swap, effects, new SwapInput.SeenGone(), new SwapInput.MemoryBack(null), new SwapInput.Launched(), new SwapInput.Named(), new SwapInput.Generated(0));

        effects.ShouldContain(new SwapEffect.Launch(Qwen));
        swap.Job.State.ShouldBe(SwapState.RolledBack);
        swap.Job.RolledBackTo.ShouldBe(Qwen.Id);
        swap.Job.Failure!.Code.ShouldBe("out_of_memory");
        swap.Job.Failure.LogTail.ShouldBe(["torch.OutOfMemoryError"]);
    }

    [Fact]
    public void A_rollback_that_fails_too_is_not_tried_again()
    {
        var effects = new List<SwapEffect>();
        var swap = Feed(
            UpTo(SwapState.Loading, effects),
            effects,
            new SwapInput.StartFailed(OutOfMemory),
            new SwapInput.SeenGone(),
            new SwapInput.MemoryBack(null),
            new SwapInput.StartFailed(new SwapFailure("crashed", "It crashed.", null, [])),
            new SwapInput.SeenGone());

        swap.Job.State.ShouldBe(SwapState.Failed);
        swap.Job.Failure!.Code.ShouldBe("out_of_memory");
        swap.Job.Failure.Message.ShouldContain("It crashed.");
        effects.OfType<SwapEffect.Launch>().Count().ShouldBe(2);
        effects[^1].ShouldBeOfType<SwapEffect.StopServers>();
    }

    [Fact]
    public void A_failed_start_with_nothing_before_it_clears_up_and_fails()
    {
        var effects = new List<SwapEffect>();
        var swap = UpTo(SwapState.Loading, effects, Swap() with { Previous = null });

        swap = Feed(swap, effects, new SwapInput.StartFailed(OutOfMemory), new SwapInput.SeenGone());

        swap.Job.State.ShouldBe(SwapState.Failed);
        effects.OfType<SwapEffect.Launch>().Count().ShouldBe(1);
    }

    [Fact]
    public void An_old_server_that_does_not_go_ends_the_job_and_nothing_is_started_beside_it()
    {
        var effects = new List<SwapEffect>();
        var swap = Feed(UpTo(SwapState.Stopping, effects), effects, new SwapInput.NotGone(OutOfMemory));

        swap.Job.State.ShouldBe(SwapState.Failed);
        effects.ShouldNotContain(effect => effect is SwapEffect.Launch);
    }

    [Fact]
    public void A_model_whose_memory_does_not_come_back_is_not_launched_and_the_previous_one_is_tried_whatever_the_memory()
    {
        var effects = new List<SwapEffect>();
        var swap = Feed(UpTo(SwapState.Stopping, effects), effects, new SwapInput.SeenGone(), new SwapInput.MemoryShort(OutOfMemory), new SwapInput.SeenGone());

        effects.OfType<SwapEffect.Launch>().ShouldBeEmpty();
        effects[^1].ShouldBe(new SwapEffect.AwaitMemory(Qwen, IsLastResort: true));
        swap.Job.Failure!.Code.ShouldBe("out_of_memory");
    }

    [Fact]
    public void Where_nothing_ran_no_memory_is_waited_for()
    {
        var effects = new List<SwapEffect>();
        Feed(UpTo(SwapState.Stopping, effects), effects, new SwapInput.SeenGone(WasThere: false));

        effects[^1].ShouldBe(new SwapEffect.Launch(Gemma));
    }

    [Fact]
    public void Answers_that_had_to_be_cut_and_memory_that_stayed_away_are_remarked()
    {
        var effects = new List<SwapEffect>();
        var swap = Feed(
            UpTo(SwapState.Draining, effects),
            effects,
            new SwapInput.Drained(2),
            new SwapInput.LogKept(),
            new SwapInput.SeenGone(),
            new SwapInput.MemoryBack("1.2 GB did not come back."));

        swap.Job.Remarks.ShouldBe(["2 answers did not finish in time and were cut.", "1.2 GB did not come back."]);
    }

    [Fact]
    public void After_a_restart_the_old_server_is_stopped_again_and_its_memory_waited_for()
    {
        var effects = new List<SwapEffect>();
        var swap = Feed(UpTo(SwapState.Stopping, effects), effects, new SwapInput.SeenGone());
        effects.Clear();

        Feed(swap, effects, new SwapInput.Resumed(), new SwapInput.MemoryBack(null));

        effects.ShouldBe([new SwapEffect.StopServers(IsRepeat: true)]);
    }

    [Fact]
    public void Cancelling_before_anything_was_touched_just_ends_the_job()
    {
        var effects = new List<SwapEffect>();
        var swap = Feed(UpTo(SwapState.Draining, effects), effects, new SwapInput.Drained(), new SwapInput.CancelRequested("Alice"));

        swap.Job.State.ShouldBe(SwapState.Cancelled);
        swap.Job.RolledBackTo.ShouldBeNull();
        effects[^1].ShouldBeOfType<SwapEffect.Abandon>();
    }

    [Fact]
    public void Cancelling_while_the_model_loads_brings_the_previous_one_back()
    {
        var effects = new List<SwapEffect>();
        var swap = Feed(UpTo(SwapState.Loading, effects), effects, new SwapInput.CancelRequested("Alice"));
        swap = Feed(swap, effects, new SwapInput.SeenGone(), new SwapInput.MemoryBack(null), new SwapInput.Launched(), new SwapInput.Named(), new SwapInput.Generated(0));

        swap.Job.State.ShouldBe(SwapState.Cancelled);
        swap.Job.RolledBackTo.ShouldBe(Qwen.Id);
    }

    [Fact]
    public void Cancelling_while_the_launch_command_runs_waits_for_it_because_abandoned_it_could_start_a_server_later()
    {
        var effects = new List<SwapEffect>();
        var swap = UpTo(SwapState.Launching, effects);
        effects.Clear();

        swap = Feed(swap, effects, new SwapInput.CancelRequested("Alice"));
        effects.ShouldBeEmpty();

        swap = Feed(swap, effects, new SwapInput.Launched());
        effects.ShouldBe([new SwapEffect.Abandon(), new SwapEffect.StopServers(IsRepeat: true)]);
        swap.IsRollingBack.ShouldBeTrue();
        swap.Job.Failure!.Code.ShouldBe("cancelled");
    }

    [Fact]
    public void A_stop_job_is_done_when_everything_was_seen_gone()
    {
        var effects = new List<SwapEffect>();
        var stop = Swap() with { Wanted = null, Previous = null };
        var swap = Begin(stop with { Job = stop.Job with { Kind = SwapKind.Stop } }, effects);

        swap = Feed(swap, effects, new SwapInput.PreflightPassed(0), new SwapInput.Drained(), new SwapInput.LogKept(), new SwapInput.SeenGone());

        swap.Job.State.ShouldBe(SwapState.Live);
        effects.ShouldBe([new SwapEffect.CheckFirst(null), new SwapEffect.Drain(), new SwapEffect.KeepLog(), new SwapEffect.StopServers()]);
    }

    [Fact]
    public void A_job_whose_host_was_taken_over_ends_where_it_stands_and_brings_nothing_back()
    {
        foreach (var state in (SwapState[])[SwapState.Stopping, SwapState.Launching, SwapState.Loading, SwapState.Probing])
        {
            var effects = new List<SwapEffect>();
            var swap = UpTo(state, effects);
            effects.Clear();

            swap = Feed(swap, effects, new SwapInput.Superseded(SwapFailures.TakenOver("Spark 1")));

            swap.Job.State.ShouldBe(SwapState.Failed);
            swap.Job.Failure!.Code.ShouldBe("taken_over");
            effects.ShouldBeEmpty();
        }
    }

    [Fact]
    public void After_a_restart_a_launch_of_unknown_outcome_is_looked_for_and_not_repeated()
    {
        var effects = new List<SwapEffect>();
        var swap = UpTo(SwapState.Launching, effects);
        effects.Clear();

        Feed(swap, effects, new SwapInput.Resumed());

        effects.ShouldBe([new SwapEffect.FindLaunched(Gemma)]);
    }

    [Fact]
    public void The_time_left_comes_from_history_and_is_absent_without_it()
    {
        var effects = new List<SwapEffect>();
        var loading = UpTo(SwapState.Loading, effects);
        var progress = new SwapInput.Progressed(new StartupProgress(StartupPhase.Weights, 0.3, "9 of 14"));

        SwapMachine.Decide(loading, progress, Start.AddSeconds(20)).Next.Job.Eta.ShouldBeNull();

        var earned = loading with { Estimate = new LoadEstimate(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(120), 3) };
        SwapMachine.Decide(earned, progress, Start.AddSeconds(20)).Next.Job.Eta.ShouldBe(TimeSpan.FromSeconds(70));
        SwapMachine.Decide(earned, progress, Start.AddSeconds(500)).Next.Job.Eta.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Whatever_is_heard_in_whatever_order_the_rules_of_the_transaction_hold()
    {
        var inputs = Gen.Elements<SwapInput>(
            new SwapInput.PreflightPassed(0),
            new SwapInput.PreflightFailed(OutOfMemory),
            new SwapInput.Drained(),
            new SwapInput.Drained(2),
            new SwapInput.LogKept(),
            new SwapInput.StopSent(),
            new SwapInput.SeenGone(),
            new SwapInput.SeenGone(WasThere: false),
            new SwapInput.MemoryBack("Some of it is missing."),
            new SwapInput.MemoryShort(OutOfMemory),
            new SwapInput.NotGone(OutOfMemory),
            new SwapInput.Launched(),
            new SwapInput.Named(),
            new SwapInput.Generated(0),
            new SwapInput.StartFailed(OutOfMemory),
            new SwapInput.Progressed(new StartupProgress(StartupPhase.Compiling, 0.7)),
            new SwapInput.Wrote("a line"),
            new SwapInput.Superseded(OutOfMemory),
            new SwapInput.CancelRequested("Bob"));

        Prop.ForAll(inputs.ListOf().ToArbitrary(), heard =>
        {
            var (swap, begun) = SwapMachine.Begin(Swap(), Start);
            var log = new List<object>(begun);
            var progress = 0.0;
            foreach (var input in heard)
            {
                var before = swap;
                (swap, var effects) = SwapMachine.Decide(swap, input, Start);
                log.Add(input);
                log.AddRange(effects);

                if (before.Job.State.IsTerminal())
                {
                    ReferenceEquals(before, swap).ShouldBeTrue("a terminal state never changes");
                    effects.ShouldBeEmpty();
                }

                if (effects.Any(effect => effect is SwapEffect.Launch))
                {
                    log.FindLastIndex(past => past is SwapInput.SeenGone).ShouldBeGreaterThan(
                        log.FindLastIndex(past => past is SwapEffect.StopServers), "a model is launched only when nothing was seen since the last stop");
                }

                if (!swap.IsRollingBack)
                {
                    swap.Job.Progress.ShouldBeGreaterThanOrEqualTo(progress);
                    progress = swap.Job.Progress;
                }
            }

            log.OfType<SwapEffect.Launch>().Count().ShouldBeLessThanOrEqualTo(2);
            if (swap.Job.State is SwapState.Live or SwapState.RolledBack)
            {
                log.OfType<SwapInput.Generated>().ShouldNotBeEmpty("serving means that a token was generated");
            }

            if (swap.Job.State is SwapState.Failed or SwapState.RolledBack)
            {
                swap.Job.Failure.ShouldNotBeNull();
            }
        }).QuickCheckThrowOnFailure();
    }

    private static LaneSwap UpTo(SwapState state, List<SwapEffect> effects, LaneSwap? from = null)
    {
        var swap = Begin(from ?? Swap(), effects);
        SwapInput[] way =
        [
            new SwapInput.PreflightPassed(0), new SwapInput.Drained(), new SwapInput.LogKept(), new SwapInput.SeenGone(), new SwapInput.MemoryBack(null),
            new SwapInput.Launched(), new SwapInput.Named(),
        ];
        foreach (var input in way.TakeWhile(_ => swap.Job.State != state))
        {
            swap = Feed(swap, effects, input);
        }

        swap.Job.State.ShouldBe(state);
        return swap;
    }

    private static LaneSwap Begin(LaneSwap swap, List<SwapEffect> effects)
    {
        var (next, begun) = SwapMachine.Begin(swap, Start);
        effects.AddRange(begun);
        return next;
    }

    private static LaneSwap Feed(LaneSwap swap, List<SwapEffect> effects, params SwapInput[] inputs)
    {
        foreach (var input in inputs)
        {
            (swap, var next) = SwapMachine.Decide(swap, input, Start);
            effects.AddRange(next);
        }

        return swap;
    }

    private static LaneSwap Swap() => new()
    {
        Job = new SwapJob
        {
            Id = SwapJobId.Parse("swap-1"),
            Lane = LaneId.Main,
            Kind = SwapKind.Swap,
            Model = Gemma.Id,
            ModelName = Gemma.Name,
            State = SwapState.Queued,
            RequestedBy = "Alice",
            StartedAt = Start,
            From = Qwen.Id,
            FromName = Qwen.Name,
        },
        Wanted = Gemma,
        Previous = Qwen,
    };

    private static SwapTarget Target(string repo)
    {
        var id = RepoId.Parse(repo);
        return new SwapTarget(id.Id, id.Name, new Recipe
        {
            Repo = id,
            Name = id.Name,
            ServedName = repo,
            Placement = RecipePlacement.Solo,
            Source = RecipeSource.Catalog,
            Capabilities = [Capability.Chat],
        });
    }
}
