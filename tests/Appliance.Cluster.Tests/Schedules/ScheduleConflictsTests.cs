using Appliance.Cluster.Schedules;
using Appliance.TestKit.Given;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Schedules;

public sealed class ScheduleConflictsTests
{
    private static readonly DateTimeOffset Now = Given.Now;

    [Fact]
    public void Plans_that_overlap_with_different_models_meet()
    {
        var met = Find(Plan("digest", "0 2 * * *", 60, "large"), Plan("index", "30 2 * * *", 60, "small")).ShouldHaveSingleItem();

        (met.First.Id.Value, met.Second.Id.Value).ShouldBe(("digest", "index"));
        met.From.ShouldBe(new DateTimeOffset(2026, 11, 22, 2, 30, 0, TimeSpan.Zero));
        met.Until.ShouldBe(new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Plans_that_follow_each_other_do_not_meet() =>
        Find(Plan("digest", "0 2 * * *", 30, "large"), Plan("index", "30 2 * * *", 60, "small")).ShouldBeEmpty();

    [Fact]
    public void Plans_with_the_same_model_share_it() =>
        Find(Plan("digest", "0 2 * * *", 60, "LARGE"), Plan("index", "0 2 * * *", 60, "large")).ShouldBeEmpty();

    [Fact]
    public void Plan_that_takes_what_runs_is_in_nobodys_way() =>
        Find(Plan("digest", "0 2 * * *", 60, "large"), Plan("index", "0 2 * * *", 60, null)).ShouldBeEmpty();

    [Fact]
    public void What_is_beyond_a_week_is_not_looked_at() =>
        Find(Once("one", Now.AddDays(8), "large"), Once("two", Now.AddDays(8), "small")).ShouldBeEmpty();

    [Fact]
    public void Run_that_goes_on_now_counts()
    {
        var met = Find(Once("one", Now.AddMinutes(-30), "large"), Once("two", Now.AddMinutes(10), "small")).ShouldHaveSingleItem();

        met.From.ShouldBe(Now.AddMinutes(10));
        met.Until.ShouldBe(Now.AddMinutes(30));
    }

    [Fact]
    public void Two_hundred_plans_of_every_minute_are_looked_at_within_a_moment()
    {
        var plans = Enumerable.Range(0, ScheduleRegistry.Most).Select(i => Plan($"p{i}", "* * * * *", 1, $"model-{i % 2}")).ToArray();

        Find(plans).Length.ShouldBe(100 * 100);
    }

    /// <summary>Against looking at every minute of the week.</summary>
    [Fact]
    public void Two_plans_meet_exactly_when_some_minute_belongs_to_both()
    {
        var patterns = Gen.Elements("0 2 * * *", "30 */3 * * *", "15 4 * * 1-5", "0 0 * * 0", "*/40 6 * * *", "59 23 * * *");
        var plans = from one in patterns
                    from other in patterns
                    from length in Gen.Choose(1, 200)
                    from otherLength in Gen.Choose(1, 200)
                    select (Plan("one", one, length, "large"), Plan("two", other, otherLength, "small"));

        Prop.ForAll(plans.ToArbitrary(), both =>
        {
            var meets = Enumerable.Range(0, 7 * 24 * 60).Select(minute => Now.AddMinutes(minute))
                .Any(minute => ScheduleTimes.FindCurrent(both.Item1, minute, TimeZoneInfo.Utc) is not null && ScheduleTimes.FindCurrent(both.Item2, minute, TimeZoneInfo.Utc) is not null);
            return Find(both.Item1, both.Item2).Length == (meets ? 1 : 0);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Single_run_has_no_next_one_once_it_has_begun()
    {
        var plan = Once("one", Now, "large");

        ScheduleTimes.FindNext(plan, Now.AddSeconds(-1), TimeZoneInfo.Utc).ShouldBe(Now);
        ScheduleTimes.FindNext(plan, Now, TimeZoneInfo.Utc).ShouldBeNull();
        ScheduleTimes.FindCurrent(plan, Now, TimeZoneInfo.Utc)!.Until.ShouldBe(Now.AddHours(1));
        ScheduleTimes.FindCurrent(plan, Now.AddHours(1), TimeZoneInfo.Utc).ShouldBeNull();
    }

    private static System.Collections.Immutable.ImmutableArray<ScheduleConflict> Find(params Schedule[] schedules) =>
        ScheduleConflicts.Find(schedules, name => name.ToLowerInvariant(), Now, TimeZoneInfo.Utc);

    private static Schedule Plan(string id, string cron, int minutes, string? model) => new()
    {
        Id = ScheduleId.Parse(id),
        Owner = "Alice",
        Name = id,
        Model = model,
        Cron = CronPattern.Find(cron),
        Duration = TimeSpan.FromMinutes(minutes),
    };

    private static Schedule Once(string id, DateTimeOffset at, string model) => Plan(id, "@daily", 60, model) with { Cron = null, At = at };
}
