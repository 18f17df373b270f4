using Appliance.Cluster.Fit;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Swaps;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class SwapDialogTests : ComponentTests
{
    private readonly List<string> _asked = [];

    [Fact]
    public void Receipt_says_what_stops_how_long_whether_it_fits_and_what_if_it_fails()
    {
        var dialog = Show(new SwapOutcome.Planned(Given.Plan()));

        dialog.Find("h2").Words().ShouldBe("Change to Gemma 4 26B?");
        dialog.FindAll(".receipt li").Select(line => line.Words()).ShouldBe(
        [
            "Qwen3.6 35B stops. Its 2 running answers finish first, at most 1 minute.",
            "It will run on Spark 1.",
            "Nothing answers for about 2 to 3 minutes (measured 9 times).",
            "It fits: needs 48 GB, 92 GB will be free (estimated).",
            "If it fails, Qwen3.6 35B is brought back. The last 9 changes worked.",
        ]);
    }

    [Fact]
    public void Time_that_was_never_measured_is_not_promised()
    {
        var dialog = Show(new SwapOutcome.Planned(Given.Plan() with { Estimate = null, LastOutcomes = [SwapState.RolledBack] }));

        dialog.Words().ShouldContain("How long it takes is not known yet. The first time can take 15 minutes.");
        dialog.Words().ShouldContain("The last change did not work.");
    }

    [Fact]
    public void Cancel_has_the_focus_and_the_verb_is_named()
    {
        var dialog = Show(new SwapOutcome.Planned(Given.Plan()));

        dialog.Find("[autofocus]").Words().ShouldBe("Cancel");
        dialog.Button("Change to Gemma 4 26B").Click();
        _asked.ShouldBe(["confirm"]);
    }

    [Fact]
    public void Model_is_started_rather_than_changed_where_nothing_runs() =>
        Show(new SwapOutcome.Planned(Given.Plan() with { Stops = null }), Given.Snapshot().NothingRunning()).Button("Start Gemma 4 26B").HasAttribute("disabled").ShouldBeFalse();

    [Fact]
    public void Cancel_and_escape_close()
    {
        var dialog = Show(new SwapOutcome.Planned(Given.Plan()));

        dialog.Button("Cancel").Click();
        dialog.Find("dialog").TriggerEvent("onclose", EventArgs.Empty);

        _asked.ShouldBe(["closed", "closed"]);
    }

    [Fact]
    public void Nothing_can_be_confirmed_while_the_plan_is_made()
    {
        var dialog = Show(null);

        dialog.Words().ShouldContain("Looking at the machines…");
        dialog.Button("Change to Gemma 4 26B").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public void Request_on_its_way_cannot_be_sent_twice()
    {
        var dialog = Show(new SwapOutcome.Planned(Given.Plan()), isSending: true);

        dialog.Button("Starting…").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public void Place_is_asked_only_when_there_are_two()
    {
        Show(new SwapOutcome.Planned(Given.Plan())).FindAll("input[type=radio]").ShouldBeEmpty();

        var dialog = Show(new SwapOutcome.Planned(Given.Plan()), Given.Snapshot().TwoLanes());
        dialog.FindAll("label").Select(label => label.Words()).ShouldBe(["Main Qwen3.6 35B runs there", "Small helper nothing runs there"]);
        dialog.Find("input[value=small]").Change("small");
        _asked.ShouldBe(["lane small"]);
    }

    public static TheoryData<SwapOutcome, string> Refusals() => new()
    {
        { new SwapOutcome.AlreadySo(Given.Model()), "Gemma 4 26B is already running" },
        { new SwapOutcome.AlreadySo(null), "Nothing is running already" },
        { new SwapOutcome.UnknownLane(["main"]), "That place is not there any more" },
        { new SwapOutcome.UnknownModel("gemma", []), "gemma is not on the disks any more" },
        { new SwapOutcome.NotReady(Given.Model(state: ModelState.NeedsSetup), "It has no recipe."), "It has no recipe." },
        { new SwapOutcome.DoesNotFit(Given.Model(), new FitVerdict(false, ByteSize.FromGigabytes(140), ByteSize.FromGigabytes(92), "It is too large for Spark 1.")), "It needs 140 GB, and 92 GB can be had (estimated). It is too large for Spark 1." },
        { new SwapOutcome.DiskFull("Spark 1", ByteSize.FromGigabytes(1.1)), "The disk of Spark 1 has 1.1 GB left" },
        { new SwapOutcome.HostUnusable("Spark 1", new HostFault(HostFaultKind.Unreachable, "Spark 1 does not answer.", "Switch it on.")), "Switch it on." },
        { new SwapOutcome.InProgress(Given.Swap()), "Gemma 4 26B is being started right now" },
        { new SwapOutcome.Locked(Given.Reservation), "nightly-batch has reserved it Nothing was changed. The reservation ends in about 23 min" },
        { new SwapOutcome.WrongToken(), "That reservation has ended" },
        { new SwapOutcome.KeyReused(Given.Swap()), "This was already asked for" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Refusal_is_explained_and_offers_only_to_close(SwapOutcome refusal, string words)
    {
        var dialog = Show(refusal);

        dialog.Find("[role=alert]").Words().ShouldContain(words);
        dialog.FindAll("button").Select(button => button.Words()).ShouldBe(["Close"]);
    }

    [Fact]
    public void Model_that_does_not_fit_comes_with_offers_that_can_be_taken()
    {
        var stop = new FitOffer(FitOfferKind.StopLane, "Stop Granite on Small helper first: that frees about 20 GB.") { Lane = LaneId.Parse("small"), Stops = "Granite", Frees = ByteSize.FromGigabytes(20) };
        var shorter = new FitOffer(FitOfferKind.ShorterContext, "With a context of 128k tokens it fits.") { ContextLength = 131_072 };
        var elsewhere = new FitOffer(FitOfferKind.OtherLane, "It fits on Small helper.") { Lane = LaneId.Parse("small") };
        var fit = new FitVerdict(false, ByteSize.FromGigabytes(140), ByteSize.FromGigabytes(92), "It is too large for Spark 1.");

        var dialog = Show(new SwapOutcome.DoesNotFit(Given.Model(), fit) { Offers = [elsewhere, stop, shorter] }, Given.Snapshot().TwoLanes());

        dialog.FindAll("[aria-label='What would help'] p").Select(offer => offer.Words()).ShouldBe([elsewhere.Text, stop.Text, shorter.Text]);
        dialog.Words().ShouldNotContain("Choose a smaller model");
        dialog.Button("Look at Small helper").Click();
        dialog.Button("Stop Granite").Click();
        _asked.ShouldBe(["lane small", "stop Granite"]);
    }

    [Fact]
    public void Stopping_names_the_model_and_keeps_its_files()
    {
        var dialog = Render<StopDialog>(parameters => parameters
            .Add(stop => stop.Serving, SnapshotBuilder.Qwen)
            .Add(stop => stop.DrainLimit, TimeSpan.FromMinutes(1))
            .Add(stop => stop.OnConfirm, () => _asked.Add("stop"))
            .Add(stop => stop.OnClosed, () => _asked.Add("closed")));

        dialog.Find("h2").Words().ShouldBe("Stop Qwen3.6 35B?");
        dialog.Words().ShouldContain("Its 2 running answers finish first, at most 1 minute.");
        dialog.Words().ShouldContain("Its files stay on the disk.");
        dialog.Find("[autofocus]").Words().ShouldBe("Cancel");
        dialog.Button("Stop Qwen3.6 35B").Click();
        _asked.ShouldBe(["stop"]);
    }

    [Fact]
    public void Cancelling_a_load_says_that_the_old_model_starts_again()
    {
        var dialog = Render<CancelDialog>(parameters => parameters
            .Add(cancel => cancel.Job, Given.Swap())
            .Add(cancel => cancel.OnConfirm, () => _asked.Add("cancel"))
            .Add(cancel => cancel.OnClosed, () => _asked.Add("closed")));

        dialog.Words().ShouldContain("Qwen3.6 35B is started again.");
        dialog.Find("[autofocus]").Words().ShouldBe("Let it go on");
        dialog.Button("Cancel and bring Qwen3.6 35B back").Click();
        _asked.ShouldBe(["cancel"]);
    }

    private IRenderedComponent<SwapDialog> Show(SwapOutcome? outcome, SnapshotBuilder? home = null, bool isSending = false)
    {
        var snapshot = (home ?? Given.Snapshot()).Build();
        return Render<SwapDialog>(parameters => parameters
            .Add(dialog => dialog.Model, Given.Model())
            .Add(dialog => dialog.Lanes, snapshot.Lanes)
            .Add(dialog => dialog.Hosts, snapshot.Hosts)
            .Add(dialog => dialog.Lane, LaneId.Main)
            .Add(dialog => dialog.Outcome, outcome)
            .Add(dialog => dialog.IsSending, isSending)
            .Add(dialog => dialog.OnLane, lane => _asked.Add($"lane {lane}"))
            .Add(dialog => dialog.OnOffer, offer => _asked.Add($"stop {offer.Stops}"))
            .Add(dialog => dialog.OnConfirm, () => _asked.Add("confirm"))
            .Add(dialog => dialog.OnClosed, () => _asked.Add("closed")));
    }
}
