using Appliance.Cluster.Metrics;
using Appliance.Cluster.Webhooks;
using Appliance.TestKit.Webhooks;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Webhooks;

public sealed class WebhookMeterTests
{
    [Fact]
    public async Task Messages_that_wait_and_messages_that_were_given_up_are_numbers()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer(HookReceiver.Status(410));
        receiver.Usual = HookReceiver.Status(503);
        await using var rig = await OutboxRig.StartAsync(receiver.Address);
        await rig.WhenAsync(await rig.EndJobAsync(), WebhookState.Dead);
        await rig.WhenFailedAsync(await rig.EndJobAsync(), 1);
        await rig.WhenNumbersAsync(numbers => numbers is { Pending: 1, Failed: 1 });
        rig.Clock.Advance(TimeSpan.FromSeconds(2));

        var lines = Read(rig);

        lines.ShouldContain("appliance_webhook_pending 1");
        lines.ShouldContain("appliance_webhook_failed 1");
        lines.ShouldContain("appliance_webhook_oldest_pending_age_seconds 2");
    }

    [Fact]
    public async Task Outbox_that_is_empty_is_zero_and_no_age()
    {
        await using var rig = await OutboxRig.StartAsync(receiver: null);
        await rig.WhenNumbersAsync(_ => true);

        Read(rig).ShouldBe(["appliance_webhook_pending 0", "appliance_webhook_failed 0", "appliance_webhook_oldest_pending_age_seconds 0"], ignoreOrder: true);
    }

    [Fact]
    public async Task Clock_that_is_put_back_makes_no_message_younger_than_new()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Usual = HookReceiver.Status(503);
        await using var rig = await OutboxRig.StartAsync(receiver.Address);
        await rig.WhenFailedAsync(await rig.EndJobAsync(), 1);

        await rig.StartAgainAsync(wallClockJump: TimeSpan.FromDays(-1));
        await rig.WhenNumbersAsync(numbers => numbers.Pending == 1);

        Read(rig).ShouldContain("appliance_webhook_oldest_pending_age_seconds 0");
    }

    private static string[] Read(OutboxRig rig)
    {
        using var meter = new WebhookMeter(rig.Courier, rig.Clock);
        using var reader = new MeterReader(instrument => instrument.Meter == meter.Meter);
        return [.. from family in reader.Read() from series in family.Series select $"{family.Name} {series.Value}"];
    }
}
