using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Reservations;

/// <summary>Jobs that wait, on a lane that somebody reserves meanwhile.</summary>
public sealed class QueueUnderLockTests : RigTests
{

    private ReservationDesk Desk => _rig.Get<ReservationDesk>();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();

        // The first change does not make way for the next before the test says so.
        _rig.Settings.With(SwapSettings.StaySeconds, "3600");
    }

    [Fact]
    public async Task A_job_that_waits_without_the_token_does_not_begin_on_a_lane_that_was_reserved_meanwhile()
    {
        await AcceptedAsync(Gemma, LanePass.None);
        var waiting = await AcceptedAsync(Oss, LanePass.None);
        await ReserveAsync();

        var ended = await EndedAsync(waiting);

        ended.State.ShouldBe(SwapState.Failed);
        ended.Failure!.Code.ShouldBe("swap_locked");
        ended.Failure.Message.ShouldContain("nightly");
    }

    [Fact]
    public async Task A_job_that_waits_with_the_token_begins_also_after_a_restart()
    {
        var pass = LanePass.Of((await ReserveAsync()).Hash);
        await AcceptedAsync(Gemma, pass);
        var waiting = await AcceptedAsync(Oss, pass);
        await _rig.StartAgainAsync();

        (await EndedAsync(waiting)).State.ShouldBe(SwapState.Live);
    }

    [Fact]
    public async Task A_job_that_waited_by_force_does_not_end_a_reservation_that_came_after_it()
    {
        await ReserveAsync();
        await AcceptedAsync(Gemma, LanePass.Force());
        (await Desk.FindAsync(LaneId.Main, CancellationToken.None).DefaultTimeout()).ShouldBeNull();
        var waiting = await AcceptedAsync(Oss, LanePass.Force());
        await ReserveAsync();

        (await EndedAsync(waiting)).Failure!.Code.ShouldBe("swap_locked");
        (await Desk.FindAsync(LaneId.Main, CancellationToken.None).DefaultTimeout()).ShouldNotBeNull();
    }

    private async Task<ReservationToken> ReserveAsync() =>
        (await Desk.ReserveAsync(ReservationAsk.TryCreate(LaneId.Main, "nightly")!, CancellationToken.None).DefaultTimeout())
        .ShouldBeOfType<ReservationOutcome.Granted>().Token;

    private async Task<SwapJob> AcceptedAsync(string model, LanePass pass) =>
        (await _rig.Swaps.RequestAsync(new SwapRequest { Model = model, RequestedBy = "Alice", Queue = true, Pass = pass }, CancellationToken.None).DefaultTimeout())
        .ShouldBeOfType<SwapOutcome.Accepted>().Job;

    private Task<SwapJob> EndedAsync(SwapJob job)
    {
        _rig.Settings.With(SwapSettings.StaySeconds, "0");
        return _rig.EndedAsync(job);
    }
}
