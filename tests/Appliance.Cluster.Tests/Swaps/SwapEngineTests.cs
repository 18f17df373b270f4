using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class SwapEngineTests : RigTests
{
    private static readonly LaneId Small = LaneId.Parse("small");

    [Fact]
    public async Task A_swap_ends_live_with_every_step_timed_and_the_log_kept()
    {
        var job = await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));

        job.State.ShouldBe(SwapState.Live);
        job.From.ShouldBe(RepoId.Parse(Qwen).Id);
        job.Steps.ShouldAllBe(step => step.StartedAt != null && step.EndedAt != null);
        (await _rig.Swaps.ReadLogAsync(job.Id, CancellationToken.None)).ShouldContain(line => line.Contains("Application startup complete"));
        _rig.Demo.FindServing(LaneId.Main).ShouldBe(RepoId.Parse(Gemma));

        var lane = (await _rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is null)).MainLane!;
        lane.Serving!.Id.ShouldBe(RepoId.Parse(Gemma).Id);
        lane.Condition.Kind.ShouldBe(ConditionKind.Working);
    }

    [Fact]
    public async Task The_other_lane_goes_on_serving_while_one_swaps()
    {
        var before = (await _rig.WhenAsync(snapshot => snapshot.FindLane(Small)!.Serving is not null)).FindLane(Small)!.Serving!;

        await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));

        _rig.View.Current.FindLane(Small)!.Serving!.Id.ShouldBe(before.Id);
    }

    [Fact]
    public async Task A_worker_that_somebody_else_left_on_the_other_machine_does_not_stay_there()
    {
        var head = _rig.Demo.Definition.Hosts[0];
        await _rig.Demo.KillContainerAsync(head.Id, "vllm_node");
        await _rig.Demo.Shell.RunAsync(
            head.Id,
            ShellCommand.Of("./launch-cluster.sh", "--name", "vllm_node", "-d", "exec", "vllm", "serve", "unknown/model", "--tensor-parallel-size", "2") with { WorkingDirectory = head.LaunchDirectory },
            CancellationToken.None);
        await _rig.Demo.KillContainerAsync(head.Id, "vllm_node");
        _rig.Demo.Hosts[1].ContainerNames.ShouldContain("vllm_node");
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Condition.Kind == ConditionKind.Stopped);

        (await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma))).State.ShouldBe(SwapState.Live);

        _rig.Demo.Hosts[1].ContainerNames.ShouldNotContain("vllm_node");
    }

    [Fact]
    public async Task A_second_request_while_one_runs_is_refused_with_the_running_job()
    {
        var job = await _rig.AcceptedAsync(Gemma);

        var second = await _rig.RequestAsync("openai/gpt-oss-120b");

        second.ShouldBeOfType<SwapOutcome.InProgress>().Running.Id.ShouldBe(job.Id);
        await _rig.EndedAsync(job);
    }

    [Fact]
    public async Task A_machine_that_is_off_hides_neither_the_menu_nor_the_other_machine()
    {
        await _rig.StopAsync();
        await _rig.Demo.SwitchAsync(DemoScenario.HostOffline);
        await _rig.StartAgainAsync();

        await _rig.WhenAsync(snapshot => snapshot is { ModelsAreKnown: true, Models.IsEmpty: false, MainLane.Serving: not null });
        (await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma))).State.ShouldBe(SwapState.Live);
    }

    [Fact]
    public async Task The_live_model_is_left_alone()
    {
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Serving?.Id is not null);

        (await _rig.RequestAsync(Qwen)).ShouldBeOfType<SwapOutcome.AlreadySo>().Model!.Repo.ShouldBe(RepoId.Parse(Qwen));

        _rig.Launches.ShouldBe(0);
    }

    [Fact]
    public async Task A_model_that_is_shown_as_running_and_is_dead_is_started_again_when_it_is_asked_for()
    {
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Serving?.Id is not null);
        await _rig.Demo.KillServerAsync(LaneId.Main);
        _rig.View.Current.MainLane!.Serving.ShouldNotBeNull();

        var job = await _rig.EndedAsync(await _rig.AcceptedAsync(Qwen));

        job.State.ShouldBe(SwapState.Live);
        job.Remarks.ShouldContain(remark => remark.Contains("was shown as running", StringComparison.Ordinal));
        job.Steps.ShouldContain(step => step.Kind == SwapStepKind.FirstAnswer && step.EndedAt != null);
        _rig.Launches.ShouldBe(1);
    }

    [Fact]
    public async Task Two_who_ask_for_a_dead_model_at_once_get_one_start()
    {
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Serving?.Id is not null);
        await _rig.Demo.KillServerAsync(LaneId.Main);

        var outcomes = await Task.WhenAll(_rig.RequestAsync(Qwen), _rig.RequestAsync(Qwen)).DefaultTimeout();

        outcomes[0].ShouldBeOfType<SwapOutcome.Accepted>();
        outcomes[1].ShouldBeOfType<SwapOutcome.InProgress>();
    }

    [Theory]
    [InlineData("nobody/nothing", typeof(SwapOutcome.UnknownModel))]
    [InlineData("ibm-granite/granite-4.2-8b-instruct", typeof(SwapOutcome.NotReady))]
    [InlineData("nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4", typeof(SwapOutcome.NotReady))]
    public async Task A_model_that_cannot_be_started_is_refused_before_anything_is_touched(string model, Type outcome)
    {
        (await _rig.RequestAsync(model)).ShouldBeOfType(outcome);
        _rig.View.Current.MainLane!.Swap.ShouldBeNull();
    }

    [Fact]
    public async Task An_answer_that_is_under_way_finishes_before_the_old_model_stops()
    {
        var answer = _rig.Get<GatewayTraffic>().Begin("main");
        var job = await _rig.AcceptedAsync(Gemma);
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is { State: SwapState.Draining });

        _rig.Demo.FindServing(LaneId.Main).ShouldBe(RepoId.Parse(Qwen));
        answer.Dispose();

        (await _rig.EndedAsync(job)).State.ShouldBe(SwapState.Live);
    }

    [Fact]
    public async Task An_answer_that_does_not_finish_in_time_is_cut_and_the_job_says_so()
    {
        _rig.Settings.With(SwapSettings.DrainSeconds, "0");
        var answer = _rig.Get<GatewayTraffic>().Begin("main");
        await using var told = answer.Cut.Register(answer.Dispose);

        var job = await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));

        answer.Cut.IsCancellationRequested.ShouldBeTrue();
        job.State.ShouldBe(SwapState.Live);
        job.Remarks.ShouldBe(["One answer did not finish in time and was cut."]);
    }

    [Fact]
    public async Task Stopping_leaves_the_lane_stopped_on_purpose_and_a_stopped_lane_is_already_so()
    {
        var outcome = await _rig.Swaps.StopAsync(LaneId.Main, LanePass.None, "Alice", CancellationToken.None);
        await _rig.EndedAsync(outcome.ShouldBeOfType<SwapOutcome.Accepted>().Job);

        var lane = (await _rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is null)).MainLane!;
        lane.Condition.Kind.ShouldBe(ConditionKind.Stopped);
        lane.Serving.ShouldBeNull();
        (await _rig.Swaps.StopAsync(LaneId.Main, LanePass.None, "Bob", CancellationToken.None)).ShouldBeOfType<SwapOutcome.AlreadySo>();
    }

    [Fact]
    public async Task The_same_idempotency_key_answers_the_same_job_and_another_wish_under_it_is_refused()
    {
        var request = new SwapRequest { Model = Gemma, RequestedBy = "Alice", IdempotencyKey = "nightly-1" };
        var first = (await _rig.Swaps.RequestAsync(request, CancellationToken.None)).ShouldBeOfType<SwapOutcome.Accepted>().Job;

        (await _rig.Swaps.RequestAsync(request, CancellationToken.None)).ShouldBeOfType<SwapOutcome.Accepted>().Job.Id.ShouldBe(first.Id);
        (await _rig.Swaps.RequestAsync(request with { Model = Qwen }, CancellationToken.None)).ShouldBeOfType<SwapOutcome.KeyReused>().Earlier.Id.ShouldBe(first.Id);
        await _rig.EndedAsync(first);
    }

    [Fact]
    public async Task A_plan_names_what_stops_and_the_exact_words_and_touches_nothing()
    {
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Serving?.Id is not null);

        var plan = (await _rig.Swaps.PlanAsync(new SwapRequest { Model = Gemma, RequestedBy = "Alice" }, CancellationToken.None))
            .ShouldBeOfType<SwapOutcome.Planned>().Plan;

        plan.Stops.ShouldBe("Qwen3.6 35B");
        plan.Launch.ServeArguments[..3].ShouldBe(["vllm", "serve", Gemma]);
        plan.Estimate.ShouldBeNull("no start of it was measured yet");
        _rig.View.Current.MainLane!.Swap.ShouldBeNull();
    }

    [Fact]
    public async Task A_machine_whose_disk_is_full_starts_nothing_and_keeps_what_runs()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.DiskFull);
        await _rig.WhenAsync(snapshot => snapshot.Hosts[0].DiskFree < SwapOutcome.DiskFull.Least);

        var refused = (await _rig.RequestAsync(Gemma)).ShouldBeOfType<SwapOutcome.DiskFull>();

        refused.Why.ShouldBe("The disk of Spark 1 has 1.1 GB left; a model needs at least 5 GB there for its log and what it compiles.");
        _rig.View.Current.MainLane!.Serving.ShouldNotBeNull();
    }
}
