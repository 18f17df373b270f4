using Appliance.Cluster.Health;
using Appliance.Ui;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class WordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 7, 42, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.38, "0.4 s")]
    [InlineData(4, "4 s")]
    [InlineData(38, "38 s")]
    [InlineData(59.7, "1 min")]
    [InlineData(98, "1 min 38 s")]
    [InlineData(120, "2 min")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(90_000, "1 day 1 h")]
    [InlineData(-3, "0 s")]
    public void Duration_is_said_in_its_two_largest_units(double seconds, string words) =>
        TimeWords.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(words);

    [Theory]
    [InlineData(-5, "just now")]
    [InlineData(0, "just now")]
    [InlineData(2, "2 s ago")]
    [InlineData(119, "1 min ago")]
    [InlineData(7200, "2 h ago")]
    [InlineData(90_000, "1 day ago")]
    [InlineData(260_000, "3 days ago")]
    public void Age_is_said_in_one_unit(int seconds, string words) => TimeWords.Ago(Now.AddSeconds(-seconds), Now).ShouldBe(words);

    [Theory]
    [InlineData(3, "a few seconds")]
    [InlineData(13, "about 15 s")]
    [InlineData(68, "about 1 min 10 s")]
    [InlineData(250, "about 4 min")]
    public void Time_left_is_no_more_exact_than_it_can_be(int seconds, string words) => TimeWords.About(TimeSpan.FromSeconds(seconds)).ShouldBe(words);

    [Theory]
    [InlineData(30, 38, "about 40 seconds")]
    [InlineData(125, 170, "about 2 to 3 minutes")]
    [InlineData(121, 122, "about 2 to 3 minutes")]
    [InlineData(20, 100, "about 1 to 2 minutes")]
    public void Span_covers_the_usual_and_the_worst(int usual, int atMost, string words) =>
        TimeWords.Span(TimeSpan.FromSeconds(usual), TimeSpan.FromSeconds(atMost)).ShouldBe(words);

    [Theory]
    [InlineData(0, "07:42")]
    [InlineData(-2, "09:42")]
    [InlineData(-20, "tomorrow, 03:42")]
    [InlineData(10, "yesterday, 21:42")]
    [InlineData(60, "Wed 19:42")]
    [InlineData(24 * 9, "12 Nov, 07:42")]
    public void Clock_names_the_day_as_far_as_needed(int hoursAgo, string words) =>
        TimeWords.Clock(Now.AddHours(-hoursAgo), Now, TimeZoneInfo.Utc).ShouldBe(words);

    [Fact]
    public void Clock_is_the_readers_own()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("reader", TimeSpan.FromHours(-8), "reader", "reader");

        TimeWords.Clock(Now, Now, zone).ShouldBe("23:42");
    }

    [Theory]
    [InlineData(0, "since just now")]
    [InlineData(60, "since this morning, 06:42")]
    [InlineData(300, "since last night, 02:42")]
    [InlineData(1440, "since yesterday, 07:42")]
    public void Since_names_the_part_of_the_day(int minutesAgo, string words) =>
        TimeWords.Since(Now.AddMinutes(-minutesAgo), Now, TimeZoneInfo.Utc).ShouldBe(words);

    [Fact]
    public void Since_in_the_same_night_is_not_last_night() =>
        TimeWords.Since(Now.AddHours(-5), Now.AddHours(-4), TimeZoneInfo.Utc).ShouldBe("since 02:42");

    [Fact]
    public void No_duration_is_said_with_sixty_of_a_unit() =>
        Prop.ForAll<int>(seconds => !TimeWords.Duration(TimeSpan.FromSeconds(Math.Abs((long)seconds) / 7.0)).Split(' ').Contains("60")).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, "no requests")]
    [InlineData(1, "one request")]
    [InlineData(12, "twelve requests")]
    [InlineData(1300, "1,300 requests")]
    public void Small_numbers_are_words(int count, string words) => NumberWords.Count(count, "request", "requests").ShouldBe(words);

    [Theory]
    [InlineData(262_144, "262,000")]
    [InlineData(32_768, "32,000")]
    [InlineData(8192, "8,192")]
    public void Context_is_rounded_down_and_never_promises_more(int tokens, string words) => NumberWords.Tokens(tokens).ShouldBe(words);

    [Theory]
    [InlineData(97.2, "97")]
    [InlineData(9.97, "10")]
    [InlineData(4.23, "4.2")]
    public void Rate_has_two_digits(double rate, string words) => NumberWords.Rate(rate).ShouldBe(words);

    [Theory]
    [InlineData(ConditionKind.Working, 0, "Working", Tone.Ok)]
    [InlineData(ConditionKind.Busy, 0, "Busy", Tone.Busy)]
    [InlineData(ConditionKind.Starting, 0, "Starting", Tone.Warm)]
    [InlineData(ConditionKind.Stopped, 0, "Stopped on purpose", Tone.Off)]
    [InlineData(ConditionKind.Stuck, 0, "Stuck", Tone.Bad)]
    [InlineData(ConditionKind.Crashed, 1, "Crashed", Tone.Bad)]
    [InlineData(ConditionKind.Crashed, 3, "Crashed 3 times", Tone.Bad)]
    [InlineData(ConditionKind.Unreachable, 0, "Does not answer", Tone.Bad)]
    [InlineData(ConditionKind.Unknown, 0, "Not known yet", Tone.Off)]
    public void Every_condition_has_an_honest_word_and_a_shape(ConditionKind kind, int crashes, string word, Tone tone)
    {
        ConditionWords.Word(new Condition(kind) { Crashes = crashes }).ShouldBe(word);
        ConditionWords.ToneOf(kind).ShouldBe(tone);
    }
}
