using System.Net;
using Appliance.Cluster.Settings;
using Appliance.Security;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Security;

/// <summary>T-10: DNS rebinding. Whatever is not one of our names in the one usual spelling is foreign.</summary>
public sealed class HostAllowListTests
{
    private const int OurPort = 9999;

    public static TheoryData<string> Ours => [
        "localhost", "localhost:9999", "LOCALHOST:9999", "127.0.0.1", "127.0.0.1:9999", "[::1]", "[::1]:9999",
        "den", "den:9999", "DEN.local:9999", "ai.home.example", "ai.home.example:443", "AI.home.example:8443", "192.0.2.7:8443",
    ];

    public static TheoryData<string> Foreign => [
        "", " ", "evil.example", "evil.example:9999", "localhost.", "localhost.:9999", "localhost:9998", "localhost:80", "localhost:", "localhost:0",
        "localhost:09999", "localhost:+9999", "localhost:99999", "localhost:9999:9999", "localhost.evil.example", "localhost.local", "localhost.localdomain",
        "127.0.0.1.evil.example", "127.0.0.1.nip.io", "127.0.0.1.", "127.0.0.2:1", "127.1", "127.0.1", "0127.0.0.1", "127.000.000.001", "0x7f.0.0.1", "0x7f000001",
        "2130706433", "017700000001", "127.0.0.1:9999@evil.example", "evil.example@127.0.0.1", "user:pass@localhost", "localhost/evil", "localhost?x", "localhost#x",
        "localhost\\evil", "localhost%00", "localhost%2eevil", "local host", "localhost,evil.example", "localhost;x", "0.0.0.0", "0", "[::]", "[::ffff:7f00:1]:1",
        "[0:0:0:0:0:0:0:1]x", "[::1", "::1", "[::1]9999", "[::1%25lo]", "[::1%lo]:9999", "[v1.x]", "[]", "①②⑦.0.0.1", "ｌocalhost", "loсalhost", "xn--lcalhost-0fc",
        "den.evil.example", "den.", "evil.den", "sub.den.local", "ai.home.example.", "x.ai.home.example", "ai.home.example.evil", "ai-home.example", "192.0.2.7", "192.0.2.7:9999",
        "192.0.2.8:8443", "8.8.8.8:9999", "192.168.77.77:9999",
    ];

    [Theory]
    [MemberData(nameof(Ours))]
    public void Own_name_is_allowed(string host) => IsAllowed(host).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Any_other_spelling_is_foreign(string host) => IsAllowed(host).ShouldBeFalse();

    [Fact]
    public void Variations_of_our_names_are_foreign()
    {
        string[] before = ["x", "x.", "-", ".", "@", "a@", "/", "\\", "%6c", "\t", "1"];
        string[] after = [".", "..", "x", ".x", ".com", ":", ":x", ":1", ":9999.", ":9999/", ":9999,", "@x", "/", "%00", "\0", "\u00ad", "\u3002", ":-9999", ":0x270f"];
        string[] names = ["localhost", "127.0.0.1", "[::1]", "den", "den.local", "ai.home.example"];
        var spellings = names.SelectMany(name => before.Select(text => text + name).Concat(after.Select(text => name + text))
            .Concat(before.SelectMany(_ => after, (left, right) => left + name + right))).Distinct().ToArray();

        spellings.Length.ShouldBeGreaterThan(500);
        // A name that the operator added is allowed with any port.
        spellings.Except(["ai.home.example:1"]).Where(IsAllowed).ShouldBeEmpty();
    }

    [Fact]
    public void Container_takes_private_addresses_and_mapped_ports_but_no_foreign_names()
    {
        var list = List(portsAreMapped: true);

        Allows(list, "192.168.1.20:80").ShouldBeTrue();
        Allows(list, "100.101.102.103:9999").ShouldBeTrue();
        Allows(list, "[fd00::7]:8080").ShouldBeTrue();
        Allows(list, "localhost:8080").ShouldBeTrue();
        Allows(list, "8.8.8.8:9999").ShouldBeFalse();
        Allows(list, "172.32.0.1:9999").ShouldBeFalse();
        Allows(list, "evil.example:9999").ShouldBeFalse();
        Allows(list, "192.168.1.20.nip.io:9999").ShouldBeFalse();
    }

    [Fact]
    public void Addresses_of_the_interfaces_are_ours()
    {
        var own = new OwnAddresses(new ManualClock());

        own.Contains(IPAddress.Loopback).ShouldBeTrue();
        foreach (var address in System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses))
        {
            own.Contains(new IPAddress(address.Address.GetAddressBytes())).ShouldBeTrue(address.Address.ToString());
        }
    }

    [Fact]
    public void Bad_entry_of_the_list_is_told_with_the_key()
    {
        AllowedHosts.Names.FindProblem("ai.home.example, *, https://x").ShouldNotBeNull().ShouldStartWith("ALLOWED_HOSTS ");
        AllowedHosts.Names.FindProblem("ai.home.example, 192.0.2.7:8443").ShouldBeNull();
    }

    [Fact]
    public void Name_that_is_added_while_it_runs_is_ours_from_then_on()
    {
        var settings = new FixedSettings();
        var list = List(portsAreMapped: false, settings);
        Allows(list, "new.home.example").ShouldBeFalse();

        settings.With(AllowedHosts.Names, "new.home.example");

        Allows(list, "new.home.example").ShouldBeTrue();
    }

    private static bool IsAllowed(string host) => Allows(List(portsAreMapped: false), host);

    private static bool Allows(HostAllowList list, string host) => Authority.TryParse(host) is { } authority && list.Allows(authority, OurPort);

    private static HostAllowList List(bool portsAreMapped, FixedSettings? settings = null) =>
        new(new AllowedHosts(settings ?? new FixedSettings().With(AllowedHosts.Names, "ai.home.example, 192.0.2.7:8443")), new OwnAddresses(new ManualClock()), "Den", portsAreMapped);
}
