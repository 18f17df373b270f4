using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

/// <summary>Programs that wait for a model, against the demo cluster.</summary>
public sealed class ModelWishesTests : IAsyncLifetime
{
    private static readonly ModelId Gemma = RepoId.Parse("google/gemma-4-26B-A4B-it").Id;
    private static readonly ModelId Qwen = RepoId.Parse("RedHatAI/Qwen3.6-35B-A3B-NVFP4").Id;

    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());
    private ClusterRig _rig = null!;
    private ModelWishes _wishes = null!;

    public async Task InitializeAsync()
    {
        _rig = await ClusterRig.StartAsync();
        await _rig.WhenAsync(snapshot => snapshot.ModelsAreKnown && snapshot.MainLane!.Serving?.Id == Qwen);
        _wishes = new ModelWishes(_rig.Swaps, _rig.View, _clock, NullLogger<ModelWishes>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _wishes.DisposeAsync();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task However_many_want_a_model_there_is_one_job_and_it_goes_on_when_some_leave()
    {
        var interests = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => JoinAsync(Gemma)));
        foreach (var interest in interests[1..])
        {
            interest.Dispose();
            interest.Dispose();
        }

        _clock.Advance(TimeSpan.FromMinutes(1));

        (await _rig.WhenAsync(snapshot => snapshot.MainLane is { Swap: null, Serving: { } serving } && serving.Id == Gemma)).MainLane!.LastSwap!.RequestedBy.ShouldBe(ModelWishes.RequestedBy);
        (await _rig.Swaps.ReadRecentAsync(10, CancellationToken.None)).Length.ShouldBe(1);
        interests[0].Dispose();
    }

    [Fact]
    public async Task Job_for_which_nobody_waits_any_more_is_cancelled_after_the_grace()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.SlowLoad);
        var interest = await JoinAsync(Gemma);
        await LoadingAsync();

        interest.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(9));
        var back = await JoinAsync(Gemma);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _rig.View.Current.MainLane!.Swap.ShouldNotBeNull("somebody came back in time");
        back.Dispose();
        await _rig.Demo.SwitchAsync(DemoScenario.Calm);
        _clock.Advance(TimeSpan.FromSeconds(10));

        var ended = (await _rig.WhenAsync(snapshot => snapshot.MainLane is { Swap: null, LastSwap: not null })).MainLane!.LastSwap!;
        ended.State.ShouldBe(SwapState.Cancelled);
        ended.Failure!.Message.ShouldContain("nobody waits for it any more");
        ended.RolledBackTo.ShouldBe(Qwen);
    }

    [Fact]
    public async Task Who_was_told_to_come_back_keeps_the_job_alive_for_that_long()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.SlowLoad);
        var interest = await JoinAsync(Gemma);
        await LoadingAsync();

        interest.ComesBackWithin(TimeSpan.FromSeconds(90));
        interest.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(89));
        _rig.View.Current.MainLane!.Swap.ShouldNotBeNull();
        _clock.PendingTimers.ShouldBe(1);
        await _rig.Demo.SwitchAsync(DemoScenario.Calm);
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await _rig.WhenAsync(snapshot => snapshot.MainLane is { Swap: null, LastSwap: not null })).MainLane!.LastSwap!.State.ShouldBe(SwapState.Cancelled);
    }

    [Fact]
    public async Task Job_that_a_person_asked_for_is_joined_and_never_cancelled()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.SlowLoad);
        await _rig.Swaps.RequestAsync(new SwapRequest { Model = Gemma.Value, RequestedBy = "Alice" }, CancellationToken.None).DefaultTimeout();
        (await JoinAsync(Gemma)).Dispose();

        _clock.Advance(TimeSpan.FromMinutes(5));

        (await _rig.WhenAsync(snapshot => snapshot.MainLane is { Swap: null, LastSwap: not null })).MainLane!.LastSwap!.State.ShouldBe(SwapState.Live);
    }

    [Fact]
    public async Task Model_that_answers_already_needs_no_job()
    {
        (await JoinAsync(Qwen)).Dispose();

        _clock.Advance(TimeSpan.FromMinutes(1));
        (await _rig.Swaps.ReadRecentAsync(10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nobody--nothing", "unknown_model")]
    [InlineData("ibm-granite--granite-4.2-8b-instruct", "needs_setup")]
    public async Task Model_that_cannot_be_started_is_refused_with_the_reason(string model, string code)
    {
        var refused = (await _wishes.WantAsync(ModelId.Parse(model), CancellationToken.None).DefaultTimeout()).ShouldBeOfType<WishOutcome.Refused>();

        refused.Code.ShouldBe(code);
        refused.Reason.ShouldNotBeEmpty();
        _rig.View.Current.MainLane!.Swap.ShouldBeNull();
    }

    [Fact]
    public async Task Model_that_did_not_come_up_is_not_tried_again_and_again()
    {
        await _rig.Demo.SwitchAsync(DemoScenario.CrashAtStart);
        using var interest = await JoinAsync(Gemma);
        await _rig.WhenAsync(snapshot => snapshot.MainLane is { Swap: null, LastSwap: not null });

        var refused = (await _wishes.WantAsync(Gemma, CancellationToken.None).DefaultTimeout()).ShouldBeOfType<WishOutcome.Refused>();
        refused.Code.ShouldBe("last_start_failed");
        refused.Reason.ShouldContain("It can be started again on the dashboard.");

        _clock.Advance(TimeSpan.FromMinutes(11));
        await _rig.Demo.SwitchAsync(DemoScenario.Calm);
        using var again = await JoinAsync(Gemma);
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Serving?.Id == Gemma);
    }

    private async Task<ModelInterest> JoinAsync(ModelId model) =>
        (await _wishes.WantAsync(model, CancellationToken.None).DefaultTimeout()).ShouldBeOfType<WishOutcome.Joined>().Interest;

    private Task LoadingAsync() => _rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is { State: SwapState.Loading });
}
