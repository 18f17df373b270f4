using System.Globalization;
using Appliance.Cluster.Schedules;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Schedules;

public sealed class CronPatternTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("0 2 * * *")]
    [InlineData("  0   2 * *\t* ")]
    [InlineData("*/15 8-18 * * 1-5")]
    [InlineData("0 0 1,15 * THU")]
    [InlineData("0 0 * MAR MON-THU")]
    [InlineData("0 0 29 2 *")]
    [InlineData("@daily")]
    [InlineData("@HOURLY")]
    public void Pattern_of_crontab_is_taken(string text) => CronPattern.Find(text).ShouldNotBeNull();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("0 2 * *")]
    [InlineData("0 0 2 * * *")]
    [InlineData("60 2 * * *")]
    [InlineData("0 24 * * *")]
    [InlineData("0 0 0 * *")]
    [InlineData("0 0 * 13 *")]
    [InlineData("0 0 * * 8")]
    [InlineData("H 2 * * *")]
    [InlineData("0 2 * * H,THU")]
    [InlineData("@every_second")]
    [InlineData("@reboot")]
    [InlineData("0 0 30 2 *")]
    [InlineData("a b c d e")]
    [InlineData("*/0 * * * *")]
    public void What_crontab_does_not_take_or_what_never_comes_is_refused(string? text) => CronPattern.Find(text).ShouldBeNull();

    [Fact]
    public void Endless_pattern_is_refused() => CronPattern.Find(string.Join(',', Enumerable.Repeat("1", 100_000)) + " * * * *").ShouldBeNull();

    [Fact]
    public void Any_text_is_either_read_or_refused() =>
        Prop.ForAll<string?>(text => CronPattern.Find(text) is null or { Text.Length: > 0 }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("0 2 * * *", "2026-11-21T01:00Z", "2026-11-21T02:00Z")]
    [InlineData("0 2 * * *", "2026-11-21T02:00Z", "2026-11-22T02:00Z")]
    [InlineData("0 0 13 * 5", "2026-11-21T00:00Z", "2026-11-27T00:00Z")]
    [InlineData("0 0 22 * 5", "2026-11-21T00:00Z", "2026-11-22T00:00Z")]
    [InlineData("0 0 29 2 *", "2026-11-21T00:00Z", "2028-02-29T00:00Z")]
    [InlineData("@weekly", "2026-11-21T00:00Z", "2026-11-22T00:00Z")]
    public void Next_run_is_that_of_crontab(string pattern, string after, string next) => Next(pattern, after, TimeZoneInfo.Utc).ShouldBe(At(next));

    /// <summary>Minute by minute, field by field: slow, and obviously right.</summary>
    [Fact]
    public void Next_run_is_the_first_minute_that_matches()
    {
        var field = (int least, int most) => Gen.Frequency(
            (3, Gen.Constant("*")),
            (2, Gen.Choose(least, most).Select(number => $"{number}")),
            (1, from step in Gen.Choose(2, 7) select $"*/{step}"),
            (1, from low in Gen.Choose(least, most) from high in Gen.Choose(low, most) select $"{low}-{high}"),
            (1, Gen.Choose(least, most).ListOf(3).Select(numbers => string.Join(',', numbers.Distinct()))));
        var patterns = from minute in field(0, 59)
                       from hour in field(0, 23)
                       from day in field(1, 28)
                       from weekday in field(0, 6)
                       from begin in Gen.Choose(0, 366 * 24 * 60)
                       select (Fields: new[] { minute, hour, day, "*", weekday }, After: At("2026-01-01T00:00Z").AddMinutes(begin));

        Prop.ForAll(patterns.ToArbitrary(), asked =>
        {
            var next = CronPattern.Find(string.Join(' ', asked.Fields))!.FindNext(asked.After, TimeZoneInfo.Utc)!.Value;
            return next > asked.After && Matches(asked.Fields, next) && Minutes(asked.After, next).Take(50_000).All(minute => !Matches(asked.Fields, minute));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Last_run_is_the_one_whose_next_is_later()
    {
        // Any moment of the year, and the nights in which the clock is moved more often than others.
        var moments = Gen.OneOf(
            Gen.Choose(0, 366 * 24 * 60 * 60).Select(seconds => At("2026-01-01T00:00Z").AddSeconds(seconds)),
            Gen.Choose(0, 8 * 60 * 60).Select(seconds => At("2026-03-28T23:00Z").AddSeconds(seconds)),
            Gen.Choose(0, 8 * 60 * 60).Select(seconds => At("2026-10-24T22:00Z").AddSeconds(seconds)));
        var patterns = Gen.Elements("0 2 * * *", "*/15 * * * *", "30 2 * * 0", "0 0 13 * 5", "@monthly");

        Prop.ForAll(patterns.ToArbitrary(), moments.ToArbitrary(), (text, moment) =>
        {
            var pattern = CronPattern.Find(text)!;
            var last = pattern.FindLast(moment, Berlin)!.Value;
            return last <= moment && pattern.FindNext(last, Berlin) > moment;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Run_in_the_hour_that_is_left_out_in_spring_comes_at_its_end()
    {
        // On 28 March 2027 the clock goes from 02:00 to 03:00.
        Next("30 2 * * *", "2027-03-27T12:00Z", Berlin).ShouldBe(At("2027-03-28T03:00+02:00"));
        Next("30 2 * * *", "2027-03-28T03:00+02:00", Berlin).ShouldBe(At("2027-03-29T02:30+02:00"));
    }

    [Fact]
    public void Run_in_the_hour_that_comes_twice_in_autumn_comes_once_and_intervals_go_on()
    {
        // On 25 October 2026 the clock goes from 03:00 back to 02:00.
        Next("30 2 * * *", "2026-10-24T12:00Z", Berlin).ShouldBe(At("2026-10-25T02:30+02:00"));
        Next("30 2 * * *", "2026-10-25T02:30+02:00", Berlin).ShouldBe(At("2026-10-26T02:30+01:00"));
        Next("*/30 * * * *", "2026-10-25T02:30+02:00", Berlin).ShouldBe(At("2026-10-25T02:00+01:00"));
        Next("*/30 * * * *", "2026-10-25T02:00+01:00", Berlin).ShouldBe(At("2026-10-25T02:30+01:00"));
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/Santiago")]
    [InlineData("Asia/Tehran")]
    [InlineData("UTC")]
    public void Daily_run_comes_exactly_once_on_every_day_of_two_years_whatever_the_clock_does(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        foreach (var minute in Enumerable.Range(0, 24 * 4).Select(quarter => quarter * 15))
        {
            var pattern = CronPattern.Find(string.Create(CultureInfo.InvariantCulture, $"{minute % 60} {minute / 60} * * *"))!;
            var last = At("2026-01-01T00:00Z");
            var days = new List<DateTime>();
            while (last < At("2028-01-01T00:00Z"))
            {
                var next = pattern.FindNext(last, zone)!.Value;
                next.ShouldBeGreaterThan(last);
                days.Add(TimeZoneInfo.ConvertTime(last = next, zone).Date);
            }

            days.ShouldBe(Enumerable.Range(0, days.Count).Select(i => days[0].AddDays(i)), $"{name} at minute {minute}");
        }
    }

    [Fact]
    public void Patterns_are_equal_by_their_text() => CronPattern.Find("0  2 * * *").ShouldBe(CronPattern.Find("0 2 * * *"));

    private static DateTimeOffset? Next(string pattern, string after, TimeZoneInfo zone) => CronPattern.Find(pattern)!.FindNext(At(after), zone);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<DateTimeOffset> Minutes(DateTimeOffset after, DateTimeOffset before)
    {
        var minute = new DateTimeOffset(after.Year, after.Month, after.Day, after.Hour, after.Minute, 0, TimeSpan.Zero).AddMinutes(1);
        for (; minute < before; minute = minute.AddMinutes(1))
        {
            yield return minute;
        }
    }

    private static bool Matches(string[] fields, DateTimeOffset at)
    {
        var (day, weekday) = (Matches(fields[2], at.Day, 1), Matches(fields[4], (int)at.DayOfWeek, 0));
        var either = fields[2][0] != '*' && fields[4][0] != '*';
        return at.Second == 0 && Matches(fields[0], at.Minute, 0) && Matches(fields[1], at.Hour, 0) && (either ? day || weekday : day && weekday);
    }

    private static bool Matches(string field, int value, int least) => field.Split(',').Any(part => part.Split('/', '-') switch
    {
        ["*"] => true,
        ["*", var step] => (value - least) % int.Parse(step, CultureInfo.InvariantCulture) == 0,
        [var one] => value == int.Parse(one, CultureInfo.InvariantCulture),
        [var low, var high] => value >= int.Parse(low, CultureInfo.InvariantCulture) && value <= int.Parse(high, CultureInfo.InvariantCulture),
        _ => false,
    });
}
