using Appliance.Cluster.Events;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Webhooks;
using Appliance.TestKit.Time;
using Appliance.TestKit.Webhooks;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Webhooks;

public sealed class WebhookCourierTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public async Task Ended_job_is_told_at_once_and_signed()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(receiver.Address);

        var id = await rig.EndJobAsync();
        var hook = await receiver.NextAsync();

        hook.Method.ShouldBe("POST");
        hook.Path.ShouldBe("/hooks/swap?for=Alice");
        hook.Headers["Content-Type"].ShouldBe("application/json");
        hook.Id.ShouldBe(id.Value);
        hook.Timestamp.ShouldBe(rig.Clock.GetUtcNow().ToUnixTimeSeconds());
        hook.Headers["webhook-signature"].ShouldBe(WebhookSignature.Standard(OutboxRig.Secret, hook.Id, hook.Timestamp, hook.Body));
        hook.Headers["X-Spark-Signature"].ShouldBe(WebhookSignature.Spark(OutboxRig.Secret, hook.Body));
        hook.Headers.Keys.ShouldNotContain(name => name.StartsWith("trace", StringComparison.OrdinalIgnoreCase));
        (await rig.WhenAsync(id, WebhookState.Delivered)).Body.ShouldBe(hook.Text);
    }

    [Fact]
    public async Task Without_a_secret_messages_are_unsigned()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(receiver.Address, secret: null);

        await rig.EndJobAsync();
        var hook = await receiver.NextAsync();

        hook.Headers.Keys.ShouldNotContain("webhook-signature");
        hook.Headers.Keys.ShouldNotContain("X-Spark-Signature");
        hook.Id.ShouldNotBeNull();
    }

    [Fact]
    public async Task Receiver_that_fails_for_a_while_gets_the_same_message_later_with_a_new_time()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer(HookReceiver.Status(500), HookReceiver.Status(404), HookReceiver.Status(302, ("Location", "http://127.0.0.1:1/")));
        await using var rig = await OutboxRig.StartAsync(receiver.Address);

        var id = await rig.EndJobAsync(SwapState.RolledBack);
        for (var failed = 1; failed <= 3; failed++)
        {
            var entry = await rig.WhenFailedAsync(id, failed);
            entry.State.ShouldBe(WebhookState.Pending);
            await rig.AdvanceAsync(entry.Wait);
        }

        await rig.WhenAsync(id, WebhookState.Delivered);
        receiver.Received.Count.ShouldBe(4);
        receiver.Received.Select(hook => hook.Id).Distinct().ShouldBe([id.Value]);
        receiver.Received.Select(hook => hook.Text).Distinct().Count().ShouldBe(1);
        receiver.Received.Select(hook => hook.Timestamp).ShouldBeUnique();
        receiver.Received.Select(hook => hook.Headers["webhook-signature"]).ShouldBeUnique();
    }

    [Fact]
    public async Task Receiver_that_stays_down_is_given_up_after_a_day_and_that_is_told_once()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Usual = HookReceiver.Status(503);
        await using var rig = await OutboxRig.StartAsync(receiver.Address);
        var begin = rig.Clock.GetUtcNow();

        var id = await rig.EndJobAsync();
        WebhookEntry entry;
        for (var tries = 1; (entry = await rig.WhenFailedAsync(id, tries)).State == WebhookState.Pending; tries++)
        {
            await rig.AdvanceAsync(entry.Wait);
        }

        entry.State.ShouldBe(WebhookState.Dead);
        (rig.Clock.GetUtcNow() - begin).ShouldBe(Day, TimeSpan.FromSeconds(1));
        entry.Attempts.ShouldBeInRange(10, 20);
        var told = (await rig.Events.ReadAsync(0, EventTypes.WebhookGivenUp, 10, CancellationToken.None)).ShouldHaveSingleItem();
        told.Details["webhook_id"].ShouldBe(id.Value);

        receiver.Usual = HookReceiver.Status(200);
        (await rig.Desk.RetryAsync(id, CancellationToken.None)).ShouldBeOfType<RetryOutcome.Accepted>();
        await rig.WhenAsync(id, WebhookState.Delivered);
        (await rig.Desk.RetryAsync(id, CancellationToken.None)).ShouldBeOfType<RetryOutcome.AlreadyDelivered>();
    }

    [Fact]
    public async Task Receiver_that_is_gone_is_asked_once()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer(HookReceiver.Status(410));
        await using var rig = await OutboxRig.StartAsync(receiver.Address);

        var id = await rig.EndJobAsync();

        (await rig.WhenAsync(id, WebhookState.Dead)).Attempts.ShouldBe(1);
        rig.Clock.Advance(Day);
        (await rig.Desk.TestAsync("Alice", CancellationToken.None).DefaultTimeout())!.State.ShouldBe(WebhookState.Delivered);
        receiver.Received.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Receiver_that_asks_for_time_is_left_alone_until_then()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer(HookReceiver.Status(429, ("Retry-After", "600")));
        await using var rig = await OutboxRig.StartAsync(receiver.Address);

        var id = await rig.EndJobAsync();
        (await rig.WhenFailedAsync(id, 1)).Wait.ShouldBe(TimeSpan.FromMinutes(10));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(599));
        var other = await rig.EndJobAsync();
        await rig.WhenAsync(other, WebhookState.Delivered);
        receiver.Received.Count.ShouldBe(2);

        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
        await rig.WhenAsync(id, WebhookState.Delivered);
    }

    [Fact]
    public async Task Time_that_is_asked_for_as_a_date_is_understood()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(receiver.Address);
        receiver.Answer(HookReceiver.Status(503, ("Retry-After", (rig.Clock.GetUtcNow() + TimeSpan.FromMinutes(3)).ToString("R"))));

        var id = await rig.EndJobAsync();

        (await rig.WhenFailedAsync(id, 1)).Wait.ShouldBe(TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task Receiver_that_hangs_is_left_after_fifteen_seconds_and_holds_up_no_job()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer(HookReceiver.Hang);
        await using var rig = await OutboxRig.StartAsync(receiver.Address);

        var first = await rig.EndJobAsync();
        await receiver.NextAsync();
        var second = await rig.EndJobAsync();
        rig.Clock.Advance(WebhookSender.Deadline);

        (await rig.WhenFailedAsync(first, 1)).Problem.ShouldNotBeNull().ShouldContain("within 15 s");
        await rig.WhenAsync(second, WebhookState.Delivered);
    }

    [Fact]
    public async Task Answer_that_never_ends_is_not_read()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var ended = new TaskCompletionSource();
        receiver.Answer(async context =>
        {
            var junk = new byte[64 * 1024];
            try
            {
                while (true)
                {
                    await context.Response.Body.WriteAsync(junk, context.RequestAborted);
                }
            }
            finally
            {
                ended.SetResult();
            }
        });
        await using var rig = await OutboxRig.StartAsync(receiver.Address);

        var id = await rig.EndJobAsync();

        await rig.WhenAsync(id, WebhookState.Delivered);
        await ended.Task.DefaultTimeout();
    }

    [Fact]
    public async Task Receiver_that_is_not_there_is_named_as_such()
    {
        await using var rig = await OutboxRig.StartAsync(new Uri("http://127.0.0.1:1/"));

        var id = await rig.EndJobAsync();

        (await rig.WhenFailedAsync(id, 1)).Problem.ShouldBe("The receiver was not reached: nothing listens there.");
    }

    [Fact]
    public async Task What_was_stored_before_a_kill_is_sent_after_it_and_a_repeat_has_the_same_id()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(receiver.Address);
        await rig.StopCourierAsync();
        var unsent = await rig.EndJobAsync();
        receiver.Answer(HookReceiver.Hang);
        await rig.StartAgainAsync();

        // The receiver has it, and we die before we hear so.
        await receiver.NextAsync();
        await rig.StartAgainAsync();

        await rig.WhenAsync(unsent, WebhookState.Delivered);
        receiver.Received.Select(hook => hook.Id).ShouldBe([unsent.Value, unsent.Value]);
    }

    [Theory]
    [InlineData(-3650)]
    [InlineData(3650)]
    public async Task Clock_that_jumps_by_years_neither_kills_a_message_nor_keeps_it(int days)
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer(HookReceiver.Status(500), HookReceiver.Status(500), HookReceiver.Status(500));
        await using var rig = await OutboxRig.StartAsync(receiver.Address);
        var id = await rig.EndJobAsync();
        var entry = await rig.WhenFailedAsync(id, 1);

        rig.Clock.JumpWallClock(TimeSpan.FromDays(days));
        await rig.AdvanceAsync(entry.Wait);
        entry = await rig.WhenFailedAsync(id, 2);
        entry.State.ShouldBe(WebhookState.Pending);

        // And once more while we are not running: the rest of the pause is at most what it was.
        // A clock that is ahead now makes it due at once.
        await rig.StartAgainAsync(TimeSpan.FromDays(-days));
        if (days > 0)
        {
            await rig.AdvanceAsync(entry.Wait);
        }

        entry = await rig.WhenFailedAsync(id, 3);
        await rig.AdvanceAsync(entry.Wait);
        await rig.WhenAsync(id, WebhookState.Delivered);
    }

    [Fact]
    public async Task Message_is_skipped_without_a_receiver_and_sent_when_somebody_asks_for_it_later()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(null);
        var id = await rig.EndJobAsync();
        await rig.WhenAsync(id, WebhookState.Skipped);
        (await rig.Desk.RetryAsync(id, CancellationToken.None)).ShouldBeOfType<RetryOutcome.NotSet>();
        (await rig.Desk.TestAsync("Alice", CancellationToken.None)).ShouldBeNull();

        rig.Settings.Set(receiver.Address.AbsoluteUri, null);
        (await rig.Desk.RetryAsync(id, CancellationToken.None)).ShouldBeOfType<RetryOutcome.Accepted>();

        await rig.WhenAsync(id, WebhookState.Delivered);
    }

    [Fact]
    public async Task Secret_and_address_are_those_of_the_moment_of_sending()
    {
        await using var old = await HookReceiver.StartAsync();
        await using var now = await HookReceiver.StartAsync();
        old.Usual = HookReceiver.Status(500);
        await using var rig = await OutboxRig.StartAsync(old.Address, "first-secret");
        var id = await rig.EndJobAsync();
        var entry = await rig.WhenFailedAsync(id, 1);

        rig.Settings.Set(now.Address.AbsoluteUri, "second-secret");
        await rig.AdvanceAsync(entry.Wait);

        var hook = await now.NextAsync();
        hook.Headers["X-Spark-Signature"].ShouldBe(WebhookSignature.Spark("second-secret", hook.Body));
    }

    [Fact]
    public async Task Message_that_waits_for_long_does_not_hold_up_a_new_one()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer(HookReceiver.Status(500), HookReceiver.Status(500));
        await using var rig = await OutboxRig.StartAsync(receiver.Address);
        var waiting = await rig.EndJobAsync();
        await rig.AdvanceAsync((await rig.WhenFailedAsync(waiting, 1)).Wait);
        var entry = await rig.WhenFailedAsync(waiting, 2);
        await rig.StopCourierAsync();
        var fresh = await rig.EndJobAsync();
        await rig.StartAgainAsync(entry.Wait);

        await rig.WhenAsync(waiting, WebhookState.Delivered);

        receiver.Received.Select(hook => hook.Id).ShouldBe([waiting.Value, waiting.Value, fresh.Value, waiting.Value]);
    }

    [Fact]
    public async Task Job_that_is_stored_as_ended_twice_is_told_once()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(receiver.Address);
        await rig.StopCourierAsync();
        var job = TestKit.Given.Given.Swap(SwapState.Live);
        for (var i = 0; i < 2; i++)
        {
            await rig.Events.AppendAsync(SwapSentences.Ended(job), (connection, transaction) => WebhookOutbox.Write(connection, transaction, job), CancellationToken.None);
        }

        await rig.StartAgainAsync();

        await rig.WhenAsync(WebhookId.Of(job.Id), WebhookState.Delivered);
        (await rig.Outbox.ReadNewestAsync(10, CancellationToken.None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Test_message_is_answered_with_what_the_receiver_said_and_repeats_share_one()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var go = new TaskCompletionSource();
        receiver.Answer(async context =>
        {
            await go.Task;
            context.Response.StatusCode = 403;
        });
        await using var rig = await OutboxRig.StartAsync(receiver.Address);

        var clicks = Enumerable.Range(0, 5).Select(_ => rig.Desk.TestAsync("Alice", CancellationToken.None)).ToArray();
        var hook = await receiver.NextAsync();
        go.SetResult();
        var answers = await Task.WhenAll(clicks).DefaultTimeout();

        answers.Select(answer => answer!.Id.Value).Distinct().ShouldBe([hook.Id]);
        answers[0]!.ShouldSatisfyAllConditions(
            answer => answer!.State.ShouldBe(WebhookState.Dead),
            answer => answer!.Status.ShouldBe(StatusCodes.Status403Forbidden),
            answer => answer!.Problem.ShouldBe("The receiver answered with status 403."));
        hook.Json.GetProperty("event").GetString().ShouldBe("test");
        (await rig.Events.ReadAsync(0, EventTypes.WebhookGivenUp, 10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Overview_counts_and_hides_what_may_be_secret_in_the_address()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(receiver.Address);
        var id = await rig.EndJobAsync();
        await rig.WhenAsync(id, WebhookState.Delivered);

        var overview = await rig.Desk.ReadAsync(10, CancellationToken.None);

        overview.Receiver.ShouldBe(receiver.Address.GetLeftPart(UriPartial.Authority));
        overview.Receiver.ShouldNotBeNull().ShouldNotContain("Alice");
        overview.IsSigned.ShouldBeTrue();
        (overview.Pending, overview.Dead).ShouldBe((0, 0));
        overview.Newest.ShouldHaveSingleItem().Id.ShouldBe(id);
        (await rig.Desk.RetryAsync(WebhookId.Parse("msg-nobody"), CancellationToken.None)).ShouldBeOfType<RetryOutcome.Unknown>();
    }

    [Fact]
    public async Task Ended_messages_are_kept_up_to_a_number_and_pending_ones_always()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(receiver.Address);
        receiver.Answer(HookReceiver.Status(500));
        var pending = await rig.EndJobAsync();
        await rig.WhenFailedAsync(pending, 1);
        var first = await rig.EndJobAsync();
        await rig.WhenAsync(first, WebhookState.Delivered);
        await rig.StopCourierAsync();
        for (var i = 0; i < WebhookOutbox.Kept; i++)
        {
            await rig.EndJobAsync();
        }

        var last = (await rig.Outbox.ReadNewestAsync(1, CancellationToken.None))[0];
        await rig.Outbox.UpdateAsync(last with { State = WebhookState.Delivered }, CancellationToken.None);

        (await rig.Outbox.FindAsync(first, CancellationToken.None)).ShouldBeNull();
        (await rig.Outbox.FindAsync(pending, CancellationToken.None)).ShouldNotBeNull();
    }
}
