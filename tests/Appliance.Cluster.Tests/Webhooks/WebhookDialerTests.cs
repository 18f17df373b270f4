using System.Net;
using System.Net.Sockets;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Webhooks;
using Appliance.TestKit.Webhooks;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Webhooks;

/// <summary>T-07: nothing is dialled that is outside of the policy; a listener on each forbidden address counts who comes.</summary>
public sealed class WebhookDialerTests
{
    private const string Refused = "is not called";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    public async Task Own_machine_is_not_called_for_an_address_from_the_page(string host)
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(
            null, configure: rig => rig.Settings.Set($"http://{host}:{receiver.Address.Port}/", null, SettingSource.File));

        var entry = await rig.WhenFailedAsync(await rig.EndJobAsync(), 1);

        entry.Problem.ShouldNotBeNull().ShouldContain(Refused);
        receiver.Received.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Own_machine_is_called_for_an_address_from_the_environment(string host)
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(new Uri($"http://{host}:{receiver.Address.Port}/"));

        await rig.WhenAsync(await rig.EndJobAsync(), WebhookState.Delivered);

        receiver.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Appliance_does_not_send_itself_a_message_even_when_the_environment_says_so()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(
            receiver.Address, configure: rig => rig.Bounds = new WebhookBounds(endpoint => endpoint.Port == receiver.Address.Port && IPAddress.IsLoopback(endpoint.Address)));

        (await rig.WhenFailedAsync(await rig.EndJobAsync(), 1)).Problem.ShouldNotBeNull().ShouldContain(Refused);
        receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Name_that_leads_to_the_own_machine_is_not_called_whatever_else_it_leads_to()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var asked = 0;
        await using var rig = await OutboxRig.StartAsync(null, configure: rig =>
        {
            rig.Settings.Set($"http://rebound.example:{receiver.Address.Port}/", null, SettingSource.File);

            // A name that answers differently each time: what is judged is what is dialled.
            rig.Resolve = (_, _) => Task.FromResult<IPAddress[]>(asked++ % 2 == 0 ? [IPAddress.Loopback] : [IPAddress.Parse("169.254.169.254"), IPAddress.IPv6Loopback]);
        });

        var id = await rig.EndJobAsync();
        for (var tries = 1; tries <= 4; tries++)
        {
            var entry = await rig.WhenFailedAsync(id, tries);
            entry.Problem.ShouldNotBeNull().ShouldContain(Refused);
            await rig.AdvanceAsync(entry.Wait);
        }

        await rig.WhenFailedAsync(id, 5);
        asked.ShouldBe(5);
        receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_several_addresses_only_the_allowed_ones_are_dialled()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(
            new Uri($"http://receiver.example:{receiver.Address.Port}/"),
            configure: rig => rig.Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("fe80::1"), IPAddress.Parse("169.254.169.254"), IPAddress.Loopback]));

        await rig.WhenAsync(await rig.EndJobAsync(), WebhookState.Delivered);

        receiver.Received.ShouldHaveSingleItem().Headers["Host"].ShouldBe($"receiver.example:{receiver.Address.Port}");
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using var inside = await HookReceiver.StartAsync();
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Usual = HookReceiver.Status(307, ("Location", inside.Address.AbsoluteUri));
        await using var rig = await OutboxRig.StartAsync(receiver.Address);

        (await rig.WhenFailedAsync(await rig.EndJobAsync(), 1)).Problem.ShouldNotBeNull().ShouldContain("not followed");
        inside.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Name_that_nobody_knows_is_said_so()
    {
        await using var rig = await OutboxRig.StartAsync(
            new Uri("http://nobody.example/"), configure: rig => rig.Resolve = (_, _) => throw new SocketException((int)SocketError.HostNotFound));

        (await rig.WhenFailedAsync(await rig.EndJobAsync(), 1)).Problem.ShouldBe("The receiver was not reached: its name is not known.");
    }

    [Fact]
    public async Task Cookies_of_a_receiver_are_not_kept()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Usual = HookReceiver.Status(200, ("Set-Cookie", "session=1"));
        await using var rig = await OutboxRig.StartAsync(receiver.Address);

        await rig.WhenAsync(await rig.EndJobAsync(), WebhookState.Delivered);
        await rig.WhenAsync(await rig.EndJobAsync(), WebhookState.Delivered);

        receiver.Received.ShouldAllBe(hook => !hook.Headers.ContainsKey("Cookie"));
    }
}
