using Appliance.Cluster.Schedules;
using Appliance.TestKit.Given;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Schedules;

public sealed class ScheduleRulesTests
{
    private static readonly ScheduleDraft Good = new()
    {
        Id = "nightly",
        Owner = "digest",
        Name = "Nightly digest",
        Model = "qwen--qwen3.6-35b",
        Cron = "0 2 * * *",
        DurationMinutes = 30,
        Note = "Needs the large one",
    };

    [Fact]
    public void Good_draft_becomes_a_plan()
    {
        var (schedule, problems) = Check(Good);

        problems.ShouldBeEmpty();
        schedule.ShouldNotBeNull();
        schedule.Id.Value.ShouldBe("nightly");
        schedule.Duration.ShouldBe(TimeSpan.FromMinutes(30));
        schedule.Cron!.Text.ShouldBe("0 2 * * *");
    }

    [Fact]
    public void Plan_without_an_id_gets_one() => Check(Good with { Id = null }).Schedule!.Id.Value.ShouldStartWith("plan-");

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var (schedule, problems) = Check(new ScheduleDraft { Id = "No Slug", Owner = " ", Model = "a\nb", Cron = "hourly", At = "tomorrow", DurationMinutes = 0, Note = new string('x', 501) });

        schedule.ShouldBeNull();
        problems.Select(problem => problem.Field).ShouldBe(["id", "owner", "name", "model", "note", "cron", "cron", "at", "duration_minutes"]);
        problems.ShouldAllBe(problem => problem.Message.EndsWith('.'));
    }

    [Theory]
    [InlineData("2026-11-21T22:00:00+01:00", true)]
    [InlineData("2026-11-21T21:00Z", true)]
    [InlineData("2026-11-21T21:00:00.123z", true)]
    [InlineData("2020-01-01T00:00:00Z", true)]
    [InlineData("2026-11-21T22:00:00", false)]
    [InlineData("2026-11-21", false)]
    [InlineData("21.11.2026 22:00 +01:00", false)]
    [InlineData("2026-02-30T22:00:00Z", false)]
    [InlineData("9999-12-31T23:59:59Z", false)]
    [InlineData("0001-01-01T00:00:00Z", false)]
    [InlineData("2026-11-21T22:00:00+99:00", false)]
    public void Moment_has_its_offset(string at, bool isGood) =>
        Check(Good with { Cron = null, At = at }).Problems.IsEmpty.ShouldBe(isGood);

    [Fact]
    public void One_of_cron_and_at_is_needed_and_not_both()
    {
        Check(Good with { Cron = null }).Problems.ShouldHaveSingleItem().Field.ShouldBe("cron");
        Check(Good with { At = "2026-11-21T21:00Z" }).Problems.ShouldHaveSingleItem().Field.ShouldBe("cron");
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(10_080, true)]
    [InlineData(10_081, false)]
    public void Length_is_a_minute_to_a_week(int? minutes, bool isGood) => Check(Good with { DurationMinutes = minutes }).Problems.IsEmpty.ShouldBe(isGood);

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("backwards \u202e txet")]
    [InlineData("\u0000")]
    public void Name_that_would_change_other_lines_is_refused(string name) =>
        Check(Good with { Name = name }).Problems.ShouldHaveSingleItem().Field.ShouldBe("name");

    [Fact]
    public void Any_draft_is_answered()
    {
        var text = ArbMap.Default.GeneratorFor<string?>();
        var drafts = from id in text
                     from owner in text
                     from name in text
                     from cron in text
                     from at in text
                     from minutes in ArbMap.Default.GeneratorFor<int?>()
                     select new ScheduleDraft { Id = id, Owner = owner, Name = name, Cron = cron, At = at, DurationMinutes = minutes };

        Prop.ForAll(drafts.ToArbitrary(), draft => Check(draft) is (null, { IsEmpty: false }) or ({ }, { IsEmpty: true })).QuickCheckThrowOnFailure();
    }

    private static (Schedule? Schedule, System.Collections.Immutable.ImmutableArray<ScheduleProblem> Problems) Check(ScheduleDraft draft) => ScheduleRules.Check(draft, Given.Now);
}
