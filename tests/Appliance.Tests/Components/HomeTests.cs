using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Appliance.Dashboard;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class HomeTests : ComponentTests
{
    private readonly List<string> _asked = [];

    [Fact]
    public void Home_says_one_sentence_and_when_it_was_checked()
    {
        var home = Show(Given.Snapshot());

        home.Find("h1").Words().ShouldBe("Qwen3.6 35B is answering.");
        home.Words().ShouldContain("Two requests right now · last checked 2 s ago");
    }

    [Fact]
    public void Home_right_after_the_start_is_looking_around_and_claims_nothing()
    {
        var home = Show(Given.Snapshot().LookingAround());

        home.Find("h1").Words().ShouldBe("Looking around…");
        home.Words().ShouldContain("Looking which model is running…");
        home.Words().ShouldContain("Looking at this machine…");
        home.Words().ShouldNotContain("Working");
        home.FindButton("Stop").ShouldBeNull();
    }

    [Fact]
    public void Serving_model_is_shown_in_words_with_its_numbers()
    {
        var card = Show(Given.Snapshot()).Part("Now serving");

        card.Words().ShouldContain("RedHatAI · on Spark 1 · since this morning, 07:12");
        card.QuerySelectorAll(".chips li").Select(chip => chip.Words()).ShouldBe(["sees pictures", "thinks first", "uses tools", "remembers 262,000 tokens"]);
        card.QuerySelectorAll(".stat").Select(stat => stat.Words()).ShouldBe(["tokens per second 97", "to the first word 0.4 s", "requests running 2", "waiting 0"]);
    }

    [Fact]
    public void Unreported_number_is_a_dash_and_never_a_zero()
    {
        var home = Show(Given.Snapshot().MainLane(lane => lane with { Serving = lane.Serving! with { TokensPerSecond = null, Running = null } }));

        home.FindAll(".stat").Select(stat => stat.Words()).ShouldContain("tokens per second – not reported");
        home.FindAll(".stat").Select(stat => stat.Words()).ShouldContain("requests running – not reported");
        home.Words().ShouldNotContain("right now");
    }

    [Fact]
    public void Running_swap_stands_first_with_steps_percent_and_what_comes_back()
    {
        var home = Show(Given.Snapshot().Demo().Swapping(Given.Swap() with { Eta = TimeSpan.FromSeconds(68) }));
        var card = home.Part("Change in progress");

        home.Find(".above").FirstElementChild.ShouldBe(card);
        card.Words().ShouldContain("Starting, 4 of 6");
        card.Words().ShouldContain("Gemma 4 26B is loading its weights");
        card.Words().ShouldContain("About 1 min 10 s to go · asked for by you · Qwen3.6 35B comes back if this fails");
        card.QuerySelector("progress")!.GetAttribute("value").ShouldBe("62");
        card.QuerySelectorAll("li").Select(step => step.Words()).ShouldBe(
            ["Checked that it can work", "Let running answers finish", "Stopped Qwen3.6 35B", "Loading the weights, 9 of 14", "Warm up", "First answer"]);
        card.QuerySelector("[aria-current=step]")!.Words().ShouldStartWith("Loading the weights");
        card.QuerySelector("pre")!.TextContent.ShouldContain("max model len");
        home.Link("Show the whole log").GetAttribute("href").ShouldBe("/swaps/swap-1");
    }

    [Fact]
    public void Swap_without_earned_estimate_promises_no_time() =>
        Show(Given.Snapshot().Swapping(Given.Swap())).Part("Change in progress").Words().ShouldNotContain("to go");

    [Fact]
    public void Cancelling_names_what_comes_back_and_cannot_be_pressed_twice()
    {
        var builder = Given.Snapshot().Swapping(Given.Swap());
        Show(builder).Button("Cancel and bring Qwen3.6 35B back").Click();
        _asked.ShouldBe(["cancel swap-1"]);

        Show(builder, cancelling: SwapJobId.Parse("swap-1")).Button("Cancelling…").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public void Model_cannot_be_changed_or_stopped_while_a_change_runs()
    {
        var home = Show(Given.Snapshot().MainLane(lane => lane with { Swap = Given.Swap(SwapState.Draining) }));

        home.FindButton("Stop").ShouldBeNull();
        home.FindAll("a").ShouldNotContain(link => link.Words() == "Change model");
    }

    [Fact]
    public void Failed_swap_says_why_what_to_do_and_keeps_the_log_behind_details()
    {
        var home = Show(Given.Snapshot().NothingRunning(ConditionKind.Crashed).MainLane(lane => lane with { LastSwap = Given.Swap(SwapState.Failed) }));
        var card = home.Part("The last change did not work");

        card.Words().ShouldContain("Gemma 4 26B did not start, and no other model came back.");
        card.Words().ShouldContain("There was not enough memory for its context.");
        card.Words().ShouldContain("Lower its context length to 65,536.");
        card.QuerySelector("details")!.Words().ShouldContain("No available memory");
        card.QuerySelector("details")!.HasAttribute("open").ShouldBeFalse();
        card.Words().ShouldContain("07:42, after 1 min 38 s");
    }

    [Fact]
    public void Rolled_back_swap_says_who_answers_again() =>
        Show(Given.Snapshot().MainLane(lane => lane with { LastSwap = Given.Swap(SwapState.RolledBack) }))
            .Part("The last change did not work").Words().ShouldContain("Gemma 4 26B did not start; Qwen3.6 35B came back.");

    [Fact]
    public void Failure_can_be_dismissed_and_stays_away()
    {
        var builder = Given.Snapshot().MainLane(lane => lane with { LastSwap = Given.Swap(SwapState.RolledBack) });
        Show(builder).Button("Dismiss").Click();
        _asked.ShouldBe(["dismiss swap-1"]);

        Show(builder, dismissed: SwapJobId.Parse("swap-1")).FindAll("[aria-label='The last change did not work']").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ConditionKind.Stopped, "No model is running.")]
    [InlineData(ConditionKind.Crashed, "The model has crashed.")]
    [InlineData(ConditionKind.Stuck, "The model does not answer.")]
    [InlineData(ConditionKind.Unreachable, "The machine does not answer.")]
    public void Empty_lane_says_so_with_the_reason_and_offers_the_menu(ConditionKind kind, string title)
    {
        var home = Show(Given.Snapshot().NothingRunning(kind, "Because of this."));

        home.Part("Now serving").Words().ShouldContain(title);
        home.Part("Now serving").Words().ShouldContain("Because of this.");
        home.Link("Start a model").GetAttribute("href").ShouldBe("/models?lane=main");
    }

    [Fact]
    public void Model_on_a_machine_that_lets_nobody_in_is_shown_and_the_buttons_say_why_they_are_off()
    {
        var home = Show(Given.Snapshot().With(snapshot => snapshot with
        {
            Hosts = [snapshot.Hosts[0] with { Fault = new HostFault(HostFaultKind.AuthenticationFailed, "Spark 1 does not accept our SSH key.") }, snapshot.Hosts[1]],
        }));
        var card = home.Part("Now serving");

        card.Words().ShouldContain("Qwen3.6 35B");
        home.Button("Change model").HasAttribute("disabled").ShouldBeTrue();
        home.Button("Stop").HasAttribute("disabled").ShouldBeTrue();
        card.Words().ShouldContain("Models cannot be started or stopped here now. Spark 1 does not accept our SSH key.");
        home.Button("Stop").GetAttribute("aria-describedby").ShouldBe("why-main");
    }

    [Fact]
    public void Requests_that_wait_are_told_where_they_wait()
    {
        Show(Given.Snapshot().MainLane(lane => lane with { WaitingRequests = 1 })).Part("Now serving").Words().ShouldContain("One request waits here for a turn.");
        Show(Given.Snapshot().Swapping(Given.Swap()).MainLane(lane => lane with { WaitingRequests = 40 })).Part("Change in progress").Words().ShouldContain("40 requests wait for it.");
        Show(Given.Snapshot()).Words().ShouldNotContain("wait here");
    }

    [Fact]
    public void Stopping_is_asked_for_the_lane_of_its_card()
    {
        Show(Given.Snapshot()).Button("Stop").Click();

        _asked.ShouldBe(["stop main"]);
    }

    [Fact]
    public void Reserved_lane_says_for_whom_until_when_what_for_and_what_that_means()
    {
        var home = Show(Given.Snapshot().Reserved());
        var line = home.Part("Now serving").QuerySelector("[aria-label=Reservation]")!;

        line.Words().ShouldBe(
            "Reserved by nightly-batch until 08:05 · evaluation run Until then only its holder changes or stops the model. It answers everybody as usual. Release");
        line.QuerySelector("button")!.GetAttribute("aria-label").ShouldBe("Release the reservation of nightly-batch");
        line.QuerySelector("button")!.Click();
        _asked.ShouldBe(["release main"]);
    }

    [Fact]
    public void Reserved_lane_without_a_model_and_without_a_note_says_only_what_is_so() =>
        Show(Given.Snapshot().NothingRunning().MainLane(lane => lane with { Reservation = Given.Reservation with { Note = null, ExpiresAt = Given.Now.AddHours(20) } }))
            .Part("Reservation").Words().ShouldBe("Reserved by nightly-batch until tomorrow, 03:42 Until then only its holder starts a model here. Release");

    [Fact]
    public void Lane_that_nobody_reserved_says_nothing_about_it() => Show(Given.Snapshot()).FindAll("[aria-label=Reservation]").ShouldBeEmpty();

    [Fact]
    public void Unreachable_host_says_why_what_to_do_and_how_old_its_numbers_are()
    {
        var home = Show(Given.Snapshot().Unreachable(1, new HostFault(HostFaultKind.AuthenticationFailed, "Spark 2 refused our key.", "Add the key once more.")));
        var card = home.Part("Spark 2");

        card.Words().ShouldContain("Does not let us in");
        card.Words().ShouldContain("Spark 2 refused our key.");
        card.Words().ShouldContain("Add the key once more.");
        card.Words().ShouldContain("Last seen 40 s ago. The numbers are from then.");
    }

    [Fact]
    public void Host_shows_memory_with_the_share_of_the_model_for_eyes_and_ears()
    {
        var card = Show(Given.Snapshot()).Part("Spark 1");

        card.Words().ShouldContain("84 of 122 GB");
        card.QuerySelector("[role=img]")!.GetAttribute("aria-label").ShouldBe("84 of 122 GB used, 61 GB by the model");
        card.Words().ShouldContain("58 °C · 41 W");
        card.Words().ShouldContain("VPN 10.0.0.6");
        card.Words().ShouldContain("200 Gbit/s");
    }

    [Fact]
    public void Demo_says_that_nothing_real_is_started_and_how_to_connect_a_machine()
    {
        Show(Given.Snapshot()).Words().ShouldNotContain("demo");

        var home = Show(Given.Snapshot().Demo());
        home.Words().ShouldContain("This is a demo cluster: nothing real is started.");
        home.Words().ShouldContain("SPARK1_HOST");
    }

    [Fact]
    public void Lane_is_named_only_when_there_are_two()
    {
        Show(Given.Snapshot()).Words().ShouldNotContain("Main");

        var home = Show(Given.Snapshot().TwoLanes());
        home.Part("Now serving · Main").Words().ShouldContain("Qwen3.6 35B");
        home.Part("Now serving · Small helper").Words().ShouldContain("No model is running.");
    }

    [Fact]
    public void Crashed_service_is_counted_and_its_reason_shown()
    {
        var home = Show(Given.Snapshot().With(snapshot => snapshot with
        {
            Services = snapshot.Services.SetItem(4, snapshot.Services[4] with
            {
                Condition = new Condition(ConditionKind.Crashed) { Crashes = 3, Reason = "Wrong password.", Since = Given.Now.AddMinutes(-92) },
                Beats = [ConditionKind.Working, ConditionKind.Crashed],
            }),
        }));

        home.Part("Matrix bot").Words().ShouldBe("Crashed 3 times Matrix bot Wrong password · since this morning, 06:10");
        home.Part("Matrix bot").QuerySelector("[role=img]")!.GetAttribute("aria-label").ShouldBe("It answered 1 of the last 2 looks");
    }

    [Fact]
    public void What_needs_a_person_is_shown_with_what_to_do()
    {
        var home = Show(Given.Snapshot().With(snapshot => snapshot with { Attention = [new Attention("The disk is nearly full", "12 GB are left.", "Delete a model.")] }));

        home.Part("The disk is nearly full").Words().ShouldBe("The disk is nearly full 12 GB are left. Delete a model.");
    }

    [Fact]
    public void Recent_swap_leads_to_its_log()
    {
        var home = Show(Given.Snapshot());

        home.Words().ShouldContain("07:41 Changed to Qwen3.6 35B in 1 min 38 s");
        home.Link("Look").GetAttribute("href").ShouldBe("/swaps/swap-0");
    }

    [Fact]
    public void Home_without_any_event_says_what_will_be_listed() =>
        Show(Given.Snapshot().With(snapshot => snapshot with { Recent = [] })).Words().ShouldContain("Nothing has happened yet.");

    [Fact]
    public void Home_without_machines_says_how_to_set_one_up() =>
        Show(Given.Snapshot().With(_ => new ClusterSnapshot())).Words().ShouldContain("No machine is set up yet.");

    private IRenderedComponent<HomeRoom> Show(SnapshotBuilder builder, SwapJobId? cancelling = null, SwapJobId? dismissed = null) =>
        Render<HomeRoom>(parameters => parameters
            .Add(home => home.Moment, At(builder.Build()))
            .Add(home => home.Cancelling, cancelling)
            .Add(home => home.Dismissed, dismissed is { } job ? [job] : [])
            .Add(home => home.OnStop, lane => _asked.Add($"stop {lane.Definition.Id}"))
            .Add(home => home.OnRelease, lane => _asked.Add($"release {lane.Definition.Id}"))
            .Add(home => home.OnCancel, job => _asked.Add($"cancel {job.Id}"))
            .Add(home => home.OnDismiss, job => _asked.Add($"dismiss {job.Id}")));
}
