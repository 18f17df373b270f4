using System.Buffers.Binary;
using System.Net;
using Appliance.Gateway.Images;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Images;

/// <summary>T-07: an address is judged by what is dialled, so no way of writing it changes the judgement. Random addresses in every spelling that a URL may have.</summary>
public sealed class AddressSpellingProperties
{
    private const int Rounds = 3_000;

    private static readonly string[] Inside =
        ["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "198.18.0.0/15"];

    [Fact]
    public async Task Address_inside_is_refused_in_every_spelling()
    {
        var random = new Random(1);
        for (var i = 0; i < Rounds; i++)
        {
            var address = RandomIn(IPNetwork.Parse(Inside[random.Next(Inside.Length)]), random);
            foreach (var spelling in SpellingsOf(address, random))
            {
                (await AllowsAsync(spelling)).ShouldBeFalse($"{spelling} is {address}");
            }
        }
    }

    [Fact]
    public void Address_inside_is_refused_inside_of_every_ipv6_address_that_carries_one()
    {
        var random = new Random(2);
        for (var i = 0; i < Rounds; i++)
        {
            var inside = RandomIn(IPNetwork.Parse(Inside[random.Next(Inside.Length)]), random);
            foreach (var carrier in CarriersOf(inside))
            {
                ImageNetwork.Internet.Allows(carrier).ShouldBeFalse($"{carrier} carries {inside}");
            }
        }
    }

    [Fact]
    public void Ipv6_address_outside_of_what_is_given_out_is_refused()
    {
        var random = new Random(3);
        var bytes = new byte[16];
        for (var i = 0; i < Rounds; i++)
        {
            random.NextBytes(bytes);
            var isGivenOut = bytes[0] >> 5 == 1;
            var address = new IPAddress(bytes);

            if (!isGivenOut)
            {
                ImageNetwork.Internet.Allows(address).ShouldBeFalse(address.ToString());
            }
        }
    }

    [Fact]
    public async Task Public_address_is_allowed_in_every_spelling()
    {
        var random = new Random(5);
        for (var i = 0; i < Rounds; i++)
        {
            var address = RandomIn(IPNetwork.Parse("8.0.0.0/9"), random);
            foreach (var spelling in SpellingsOf(address, random))
            {
                (await AllowsAsync(spelling)).ShouldBeTrue($"{spelling} is {address}");
            }
        }
    }

    /// <summary>As a request would go: the URL's host, as the connection asks for it, resolved as we resolve it.</summary>
    private static async Task<bool> AllowsAsync(string host)
    {
        var url = new Uri($"http://{host}/picture.png");
        var addresses = await ImageNetwork.Internet.ResolveAsync(url.IdnHost, CancellationToken.None);
        return addresses.Length > 0 && addresses.All(ImageNetwork.Internet.Allows);
    }

    private static IEnumerable<string> SpellingsOf(IPAddress address, Random random)
    {
        var bytes = address.GetAddressBytes();
        var number = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        yield return address.ToString();
        yield return number.ToString(null, null);
        yield return $"0x{number:x8}";
        yield return $"0{Convert.ToString(number, 8)}";
        yield return string.Join('.', bytes.Select(part => random.Next(3) switch { 0 => $"0x{part:x}", 1 => $"0{Convert.ToString(part, 8)}", _ => $"{part}" }));
        yield return $"{bytes[0]}.{number & 0xff_ffff}";
        yield return $"{bytes[0]}.{bytes[1]}.{number & 0xffff}";
        yield return $"[::ffff:{address}]";
        yield return $"[::ffff:{number >> 16:x}:{number & 0xffff:x}]";
    }

    private static IEnumerable<IPAddress> CarriersOf(IPAddress address)
    {
        yield return address.MapToIPv6();
        yield return Put(address, "::", 12);
        yield return Put(address, "64:ff9b::", 12);
        yield return Put(address, "64:ff9b:1::", 12);
        yield return Put(address, "2002::", 2);
        yield return Put(address, "2001:0:0102:0304::", 12);
        yield return Put(address, "fe80::5efe:0:0", 12);
    }

    private static IPAddress Put(IPAddress address, string prefix, int at)
    {
        var bytes = IPAddress.Parse(prefix).GetAddressBytes();
        address.GetAddressBytes().CopyTo(bytes, at);
        return new IPAddress(bytes);
    }

    private static IPAddress RandomIn(IPNetwork network, Random random)
    {
        var host = (uint)random.NextInt64(1L << (32 - network.PrefixLength));
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes()) + host);
        return new IPAddress(bytes);
    }
}
