using System.Net;
using Appliance.Security;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Keys;

public sealed class WrongKeysTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Twenty_wrong_keys_a_minute_are_bearable()
    {
        var wrong = new WrongKeys(_clock);
        for (var i = 0; i < WrongKeys.MostPerMinute; i++)
        {
            wrong.Note(IPAddress.Parse("192.0.2.7")).ShouldBeNull();
        }

        wrong.Note(IPAddress.Parse("192.0.2.7")).ShouldBe(TimeSpan.FromMinutes(1));
        wrong.Note(IPAddress.Parse("192.0.2.8")).ShouldBeNull();
        _clock.Advance(TimeSpan.FromMinutes(1));
        wrong.Note(IPAddress.Parse("192.0.2.7")).ShouldBeNull();
    }

    [Fact]
    public void Addresses_of_one_ipv6_network_count_together()
    {
        var wrong = new WrongKeys(_clock);
        for (var i = 0; i < WrongKeys.MostPerMinute; i++)
        {
            wrong.Note(IPAddress.Parse($"2001:db8::{i:x}"));
        }

        wrong.Note(IPAddress.Parse("2001:db8::ffff")).ShouldNotBeNull();
        wrong.Note(IPAddress.Parse("2001:db8:1::1")).ShouldBeNull();
    }

    [Fact]
    public void Flood_from_many_addresses_does_not_fill_the_memory()
    {
        var wrong = new WrongKeys(_clock);
        for (var i = 0; i < 100_000; i++)
        {
            wrong.Note(new IPAddress(i));
        }

        wrong.Note(IPAddress.Parse("203.0.113.1")).ShouldNotBeNull();
        wrong.Addresses.ShouldBeLessThanOrEqualTo(1_001);
    }
}
