using System.Buffers.Text;
using System.Security.Cryptography;

namespace Appliance.Cluster.Primitives;

/// <summary>Secrets that nobody can guess. Thread-safe as far as the generator is.</summary>
internal static class RandomText
{
    private const int Bytes = 32;

    /// <summary>256 random bits as 43 characters of base64url.</summary>
    public static string New(RandomNumberGenerator random)
    {
        var bytes = new byte[Bytes];
        random.GetBytes(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
