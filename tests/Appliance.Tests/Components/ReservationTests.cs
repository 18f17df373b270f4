using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Swaps;
using Appliance.Reservations;
using Appliance.Swaps;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

/// <summary>What a person sees and clicks where a lane is reserved.</summary>
public sealed class ReservationTests : ComponentTests
{
    private static readonly ReceiptLine Ends = ReservationWords.Ends(Given.Reservation, Given.Now, TimeZoneInfo.Utc);
    private readonly List<string> _asked = [];

    [Fact]
    public void Releasing_says_what_follows_and_the_safe_choice_has_the_focus()
    {
        var dialog = Release();

        dialog.Find("h2").Words().ShouldBe("Release the reservation of nightly-batch?");
        dialog.FindAll("li").Select(line => line.Words()).ShouldBe(
        [
            "Everybody can change the model again, at once.",
            "nightly-batch wanted it until 08:05 (evaluation run). It is not asked; its next change is refused.",
            "Qwen3.6 35B goes on: nothing is stopped by this.",
            "The list of events remembers that you did it.",
        ]);
        dialog.Find("[autofocus]").Words().ShouldBe("Let it stay");
        dialog.Button("Release it").Click();
        _asked.ShouldBe(["release"]);
    }

    [Fact]
    public void Releasing_cannot_be_asked_twice() => Release(isSending: true).Button("Releasing…").HasAttribute("disabled").ShouldBeTrue();

    [Fact]
    public void Somebody_who_reserved_it_meanwhile_keeps_it_and_the_dialog_says_so()
    {
        var dialog = Release(ReservationWords.Refusal(new ReservationOutcome.Held(Given.Reservation with { Holder = "other" })));

        dialog.Find("[role=alert]").Words().ShouldStartWith("other has reserved it meanwhile");
        dialog.FindAll("button").Select(button => button.Words()).ShouldBe(["Close"]);
    }

    [Fact]
    public void What_was_released_or_had_ended_anyway_needs_no_words()
    {
        ReservationWords.Refusal(new ReservationOutcome.Freed(Given.Reservation)).ShouldBeNull();
        ReservationWords.Refusal(new ReservationOutcome.Unchanged(null)).ShouldBeNull();
    }

    [Fact]
    public void Stopping_a_reserved_model_says_first_whose_reservation_ends_and_the_button_says_it_too()
    {
        var dialog = Render<StopDialog>(parameters => parameters
            .Add(stop => stop.Serving, SnapshotBuilder.Qwen)
            .Add(stop => stop.DrainLimit, TimeSpan.FromMinutes(1))
            .Add(stop => stop.Ends, Ends)
            .Add(stop => stop.OnConfirm, () => _asked.Add("stop"))
            .Add(stop => stop.OnClosed, () => _asked.Add("closed")));

        dialog.FindAll("li")[0].Words().ShouldBe(
            "The reservation of nightly-batch ends first. It was to last until 08:05 (evaluation run). Its holder is not asked; its next change is refused.");
        dialog.Button("Release and stop Qwen3.6 35B").Click();
        _asked.ShouldBe(["stop"]);
    }

    [Fact]
    public void Changing_a_reserved_model_says_first_whose_reservation_ends_and_the_button_says_it_too()
    {
        var home = Given.Snapshot().Reserved().Build();
        var dialog = Render<SwapDialog>(parameters => parameters
            .Add(swap => swap.Model, Given.Model())
            .Add(swap => swap.Lanes, home.Lanes)
            .Add(swap => swap.Hosts, home.Hosts)
            .Add(swap => swap.Lane, LaneId.Main)
            .Add(swap => swap.Outcome, new SwapOutcome.Planned(Given.Plan() with { Ends = Given.Reservation }))
            .Add(swap => swap.Ends, Ends)
            .Add(swap => swap.OnLane, _ => { })
            .Add(swap => swap.OnConfirm, () => _asked.Add("confirm"))
            .Add(swap => swap.OnClosed, () => _asked.Add("closed")));

        dialog.FindAll("li")[0].Words().ShouldStartWith("The reservation of nightly-batch ends first.");
        dialog.Find("[autofocus]").Words().ShouldBe("Cancel");
        dialog.Button("Release and change to Gemma 4 26B").Click();
        _asked.ShouldBe(["confirm"]);
    }

    [Fact]
    public void Cancelling_on_a_reserved_lane_says_that_the_reservation_stays()
    {
        var dialog = Render<CancelDialog>(parameters => parameters
            .Add(cancel => cancel.Job, Given.Swap())
            .Add(cancel => cancel.Reservation, Given.Reservation)
            .Add(cancel => cancel.OnConfirm, () => _asked.Add("cancel"))
            .Add(cancel => cancel.OnClosed, () => _asked.Add("closed")));

        dialog.Words().ShouldContain("nightly-batch has reserved this place and keeps it.");
    }

    private IRenderedComponent<ReleaseDialog> Release(RefusalText? refusal = null, bool isSending = false) => Render<ReleaseDialog>(parameters => parameters
        .Add(release => release.Reservation, Given.Reservation)
        .Add(release => release.Running, "Qwen3.6 35B")
        .Add(release => release.Moment, At(Given.Snapshot().Reserved().Build()))
        .Add(release => release.Refusal, refusal)
        .Add(release => release.IsSending, isSending)
        .Add(release => release.OnConfirm, () => _asked.Add("release"))
        .Add(release => release.OnClosed, () => _asked.Add("closed")));
}
