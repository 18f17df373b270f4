using System.Collections.Immutable;
using Appliance.Cluster.Schedules;
using Appliance.Schedules;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class ScheduleRoomTests : ComponentTests
{
    private readonly List<string> _asked = [];

    [Fact]
    public void Plans_that_are_being_read_say_so() => Show(null).Words().ShouldContain("Reading the plans…");

    [Fact]
    public void Empty_registry_says_what_it_is_and_shows_how_a_program_announces_a_plan()
    {
        var room = Show(Overview([]));

        room.Words().ShouldContain("Nobody has announced anything. Programs that work at night");
        room.Find("pre").TextContent.ShouldContain("POST http://<this address>/api/schedule");
    }

    [Fact]
    public void Plan_says_when_what_with_which_model_how_long_and_by_whom()
    {
        var room = Show(Overview([Plan() with { Model = "google/gemma-4-26b", Note = "Mails it to Alice" }]));

        room.Words().ShouldContain("Tomorrow, 02:00 Nightly digest with Gemma 4 26B Every day at 02:00 · takes 30 min · planned by digest Mails it to Alice");
    }

    [Fact]
    public void Model_that_is_not_on_the_disks_is_named_as_it_was_written() =>
        Show(Overview([Plan() with { Model = "some/other" }])).Words().ShouldContain("with some/other");

    [Fact]
    public void Plan_that_should_be_going_on_says_until_when()
    {
        var plan = Plan() with { Cron = null, At = Given.Now.AddMinutes(-10) };

        Show(Overview([plan])).Words().ShouldContain("Now, until today, 08:02 Nightly digest with the model that runs Once · takes 30 min");
    }

    [Fact]
    public void Single_run_of_the_past_is_over() =>
        Show(Overview([Plan() with { Cron = null, At = Given.Now.AddDays(-10) }])).Words().ShouldContain("Over Nightly digest");

    [Fact]
    public void Reader_in_another_zone_is_told_whose_clock_a_pattern_means()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("Home", TimeSpan.FromHours(1), "Home", "Home");

        var words = Show(Overview([Plan()]) with { Zone = zone }).Words();

        words.ShouldContain("Tomorrow, 01:00");
        words.ShouldContain("Every day at 02:00 (Home time)");
    }

    [Fact]
    public void Plans_in_each_others_way_are_told_in_words()
    {
        var (one, other) = (Plan(), Plan() with { Id = ScheduleId.Parse("index"), Name = "Index", Owner = "search" });
        var from = Given.Now.AddHours(1);

        var room = Show(Overview([one, other]) with { Conflicts = [new ScheduleConflict(one, other, from, from.AddMinutes(20))] });

        room.Words().ShouldContain("Nightly digest (digest) and Index (search) want different models at the same time: today, 08:42 for 20 min.");
    }

    [Fact]
    public void Removing_asks_first_and_says_that_the_owner_is_not_told()
    {
        Show(Overview([Plan()])).Button("Remove").Click();
        var dialog = Render<RemoveScheduleDialog>(parameters => parameters
            .Add(remove => remove.Schedule, Plan())
            .Add(remove => remove.OnConfirm, () => _asked.Add("confirm"))
            .Add(remove => remove.OnClosed, () => _asked.Add("closed")));

        dialog.Words().ShouldContain("digest, who planned it, is not told");
        dialog.Find("[autofocus]").Words().ShouldBe("Cancel");
        dialog.Button("Remove Nightly digest").Click();
        _asked.ShouldBe(["remove nightly", "confirm"]);
    }

    [Theory]
    [InlineData("0 2 * * *", "every day at 02:00")]
    [InlineData("5 14 * * 1-5", "Monday to Friday at 14:05")]
    [InlineData("0 2 * * MON", "Mondays at 02:00")]
    [InlineData("0 2 * * 0,6", "Sundays and Saturdays at 02:00")]
    [InlineData("0 2 * * 1,3,5", "Mondays, Wednesdays and Fridays at 02:00")]
    [InlineData("0 2 1 * *", "on the 1st of every month at 02:00")]
    [InlineData("0 2 23 * *", "on the 23rd of every month at 02:00")]
    [InlineData("0 2 12 * *", "on the 12th of every month at 02:00")]
    [InlineData("*/15 * * * *", "every 15 minutes")]
    [InlineData("0 * * * *", "every hour")]
    [InlineData("10 * * * *", "every hour, 10 min past")]
    [InlineData("@daily", "every day at 00:00")]
    [InlineData("@weekly", "Sundays at 00:00")]
    [InlineData("*/7 * * * *", "by the pattern */7 * * * *")]
    [InlineData("0 2 13 * 5", "by the pattern 0 2 13 * 5")]
    [InlineData("0 2 * 12 *", "by the pattern 0 2 * 12 *")]
    public void Pattern_is_said_as_people_say_it_where_that_is_short(string pattern, string words) => CronWords.Of(pattern).ShouldBe(words);

    private static ScheduleOverview Overview(ImmutableArray<Schedule> schedules) =>
        new() { Schedules = schedules, Conflicts = [], Now = Given.Now, Zone = TimeZoneInfo.Utc };

    private static Schedule Plan() => new()
    {
        Id = ScheduleId.Parse("nightly"),
        Owner = "digest",
        Name = "Nightly digest",
        Cron = CronPattern.Find("0 2 * * *"),
        Duration = TimeSpan.FromMinutes(30),
    };

    private IRenderedComponent<ScheduleRoom> Show(ScheduleOverview? overview) => Render<ScheduleRoom>(parameters => parameters
        .Add(room => room.Overview, overview)
        .Add(room => room.Moment, At(Given.Snapshot().Build()))
        .Add(room => room.OnRemove, schedule => _asked.Add($"remove {schedule.Id}")));
}
