using Appliance.Cluster.Webhooks;
using Appliance.TestKit.Given;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Webhooks;

public sealed class WebhookDeliveryTests
{
    private static readonly WebhookAnswer Broken = new WebhookAnswer.Refused(503);

    [Fact]
    public void Taken_message_is_delivered()
    {
        var after = Decide(New(), new WebhookAnswer.Taken(204));

        after.ShouldSatisfyAllConditions(
            () => after.State.ShouldBe(WebhookState.Delivered),
            () => after.Attempts.ShouldBe(1),
            () => after.Status.ShouldBe(204),
            () => after.Problem.ShouldBeNull(),
            () => after.EndedAt.ShouldBe(Given.Now),
            () => after.NextAttemptAt.ShouldBeNull());
    }

    [Theory]
    [InlineData(301, "sends us to another address (status 301)")]
    [InlineData(304, "another address")]
    [InlineData(400, "answered with status 400")]
    [InlineData(404, "answered with status 404")]
    [InlineData(500, "answered with status 500")]
    public void Other_answers_are_failures_that_are_tried_again(int status, string problem)
    {
        var after = Decide(New(), new WebhookAnswer.Refused(status));

        after.State.ShouldBe(WebhookState.Pending);
        after.Status.ShouldBe(status);
        after.Problem.ShouldNotBeNull().ShouldContain(problem);
        after.NextAttemptAt.ShouldBe(Given.Now + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Receiver_that_is_gone_ends_the_tries()
    {
        var after = Decide(New(), new WebhookAnswer.Gone());

        after.State.ShouldBe(WebhookState.Dead);
        after.Problem.ShouldNotBeNull().ShouldContain("410");
    }

    [Fact]
    public void Message_without_a_receiver_is_skipped_and_was_never_tried()
    {
        var after = Decide(New(), new WebhookAnswer.NotSet());

        after.State.ShouldBe(WebhookState.Skipped);
        after.Attempts.ShouldBe(0);
    }

    [Fact]
    public void Test_message_is_tried_once() =>
        Decide(WebhookBody.OfTest("Alice", Given.Now), Broken).State.ShouldBe(WebhookState.Dead);

    [Fact]
    public void Pauses_grow_threefold_up_to_four_hours()
    {
        var entry = New();
        var pauses = new List<double>();
        for (var i = 0; i < 11; i++)
        {
            entry = Decide(entry, Broken);
            pauses.Add(entry.Wait.TotalSeconds);
        }

        pauses.ShouldBe([5, 15, 45, 135, 405, 1215, 3645, 10935, 14400, 14400, 14400]);
    }

    [Fact]
    public void Whatever_the_receiver_does_it_is_tried_for_a_day_and_then_given_up()
    {
        var answer = Gen.Frequency<WebhookAnswer>(
            (5, Gen.Constant(Broken)),
            (2, Gen.Constant<WebhookAnswer>(new WebhookAnswer.None("Nothing listens there."))),
            (1, Gen.Choose(-10, 200_000).Select(seconds => (WebhookAnswer)new WebhookAnswer.Refused(429, TimeSpan.FromSeconds(seconds)))));
        var days = (from answers in answer.ArrayOf(100) from random in Gen.Choose(0, 1000).Select(n => n / 1000.0) select (answers, random)).ToArbitrary();

        Prop.ForAll(days, day =>
        {
            var (entry, total, tries) = (New(), TimeSpan.Zero, 0);
            foreach (var one in day.answers)
            {
                entry = WebhookDelivery.Decide(entry, one, Given.Now, day.random);
                tries++;
                if (entry.State == WebhookState.Dead)
                {
                    return total == WebhookDelivery.Patience && tries == entry.Attempts && tries >= 2;
                }

                total += entry.Wait;
                if (entry.Wait <= TimeSpan.Zero || entry.Waited != total)
                {
                    return false;
                }
            }

            return false;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Pauses_are_spread_by_a_fifth_to_both_sides()
    {
        WebhookDelivery.Decide(New(), Broken, Given.Now, 0).Wait.ShouldBe(TimeSpan.FromSeconds(4));
        WebhookDelivery.Decide(New(), Broken, Given.Now, 1).Wait.ShouldBe(TimeSpan.FromSeconds(6));
    }

    [Theory]
    [InlineData(120, 120)]
    [InlineData(1, 5)]
    [InlineData(-100, 5)]
    [InlineData(1_000_000, 86_400)]
    public void Receiver_that_asks_for_time_gets_it_within_the_day(int asked, int pause) =>
        Decide(New(), new WebhookAnswer.Refused(429, TimeSpan.FromSeconds(asked))).Wait.ShouldBe(TimeSpan.FromSeconds(pause));

    [Fact]
    public void Message_that_was_given_up_is_sent_again_at_once_with_a_day_ahead()
    {
        var dead = Decide(New(), new WebhookAnswer.Gone()) with { Waited = WebhookDelivery.Patience, Failures = 9 };

        var again = WebhookDelivery.Retry(dead);

        again.State.ShouldBe(WebhookState.Pending);
        again.Attempts.ShouldBe(1);
        WebhookDelivery.LeftOf(again, Given.Now).ShouldBe(TimeSpan.Zero);
        Decide(again, Broken).Wait.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Late_answer_for_an_ended_message_changes_nothing()
    {
        var delivered = Decide(New(), new WebhookAnswer.Taken(200));

        Decide(delivered, Broken).ShouldBe(delivered);
    }

    /// <summary>F-23: the clock of the machine may have jumped while we were not running.</summary>
    [Fact]
    public void Pause_that_is_read_back_is_never_negative_and_never_longer_than_it_was()
    {
        var entry = Decide(New(), Broken);

        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), seconds =>
        {
            var left = WebhookDelivery.LeftOf(entry, Given.Now + TimeSpan.FromSeconds(seconds));
            return left >= TimeSpan.Zero && left <= entry.Wait;
        }).QuickCheckThrowOnFailure();
        WebhookDelivery.LeftOf(entry, Given.Now + TimeSpan.FromSeconds(2)).ShouldBe(TimeSpan.FromSeconds(3));
    }

    private static WebhookEntry New() => WebhookBody.Of(Given.Swap(Appliance.Cluster.Swaps.SwapState.Live));

    private static WebhookEntry Decide(WebhookEntry entry, WebhookAnswer answer) => WebhookDelivery.Decide(entry, answer, Given.Now, 0.5);
}
