using System.Net;
using Appliance.Cluster.Primitives;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Primitives;

public sealed class AddressKindsTests
{
    /// <summary>Spellings that a URL takes for an address; .NET reads them as inet_aton does (reliability.md, 0.1 r).</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("2130706433")]
    [InlineData("017700000001")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.01")]
    [InlineData("[::1]")]
    [InlineData("[0:0:0:0:0:0:0:1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    public void Own_machine_is_known_in_every_spelling(string host) => Of(host).ShouldBe(AddressKind.OwnMachine, host);

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0")]
    [InlineData("0.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.0.1")]
    [InlineData("2852039166")]
    [InlineData("0xa9fea9fe")]
    [InlineData("0xa9.0xfe.0xa9.0xfe")]
    [InlineData("0251.0376.0251.0376")]
    [InlineData("169.254.43518")]
    [InlineData("[::ffff:169.254.169.254]")]
    [InlineData("[::ffff:a9fe:a9fe]")]
    [InlineData("[64:ff9b::a9fe:a9fe]")]
    [InlineData("[64:ff9b:1::a9fe:a9fe]")]
    [InlineData("[2002:a9fe:a9fe::1]")]
    [InlineData("[::169.254.169.254]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("[fe80::1]")]
    [InlineData("[febf::1]")]
    [InlineData("[fec0::1]")]
    [InlineData("[ff02::1]")]
    [InlineData("[::]")]
    [InlineData("[::0.0.0.0]")]
    [InlineData("[2001:0:4136:e378::1]")]
    [InlineData("[100::1]")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("224.0.0.251")]
    [InlineData("239.255.255.250")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("4294967295")]
    public void Nobodys_server_is_known_in_every_spelling(string host) => Of(host).ShouldBe(AddressKind.Never, host);

    [Theory]
    [InlineData("192.168.1.20")]
    [InlineData("10.0.0.5")]
    [InlineData("172.16.0.5")]
    [InlineData("100.64.0.7")]
    [InlineData("100.101.102.103")]
    [InlineData("[fd12:3456::1]")]
    [InlineData("[::ffff:192.168.1.20]")]
    [InlineData("[2002:c0a8:114::1]")]
    public void Home_network_and_vpn_are_home(string host) => Of(host).ShouldBe(AddressKind.Home, host);

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("[::ffff:8.8.8.8]")]
    [InlineData("[2606:4700::1111]")]
    public void Internet_is_public(string host) => Of(host).ShouldBe(AddressKind.Public, host);

    [Theory]
    [InlineData("192.168.1.20", "192.168.1.99", 24, true)]
    [InlineData("192.168.1.20", "192.168.2.20", 24, false)]
    [InlineData("10.1.0.1", "10.1.127.1", 17, true)]
    [InlineData("10.1.0.1", "10.1.128.1", 17, false)]
    [InlineData("fd00::1", "fd00::2", 64, true)]
    [InlineData("192.168.1.20", "fd00::2", 0, false)]
    public void Addresses_of_one_network_begin_alike(string left, string right, int length, bool isShared) =>
        AddressPrefix.IsShared(IPAddress.Parse(left), IPAddress.Parse(right), length).ShouldBe(isShared);

    private static AddressKind Of(string host) => AddressKinds.Of(IPAddress.Parse(new Uri($"http://{host}:8080/").IdnHost));
}
