using System.Net;

namespace Appliance.Cluster.Primitives;

/// <summary>Whether addresses stand in one network. Pure.</summary>
public static class AddressPrefix
{
    /// <summary>Whether two addresses are of one family and begin with the same <paramref name="length"/> bits, 0 to 32 or 128.</summary>
    public static bool IsShared(IPAddress left, IPAddress right, int length) =>
        left.AddressFamily == right.AddressFamily && Kept(left, length).SequenceEqual(Kept(right, length));

    private static byte[] Kept(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - kept));
        }

        return bytes;
    }
}
