using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Appliance.Cluster.Webhooks;

/// <summary>The two signatures of a message: that of Standard Webhooks, and the one that receivers of the described system check. Pure.</summary>
internal static class WebhookSignature
{
    /// <summary>A secret with this prefix is base64 behind it (Standard Webhooks); without it, its characters are the key.</summary>
    public const string Prefix = "whsec_";

    // Standard Webhooks, "Signature scheme": a secret has 192 to 512 bits.
    private const int LeastBytes = 24;
    private const int MostBytes = 64;

    /// <summary>Whether a text can be the secret.</summary>
    public static bool IsUsable(string secret) =>
        secret.Length > 0 && secret.All(letter => letter is > ' ' and < '\u007f')
        && (!secret.StartsWith(Prefix, StringComparison.Ordinal) || FindBytes(secret[Prefix.Length..]) is not null);

    /// <summary>
    /// The value of <c>webhook-signature</c>. A secret without prefix that also reads as base64 of 24 to 64 bytes signs twice, once with its characters and
    /// once with those bytes: the standard's libraries leave the prefix out as they like, and a receiver takes the signature that it knows.
    /// </summary>
    public static string Standard(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', FindKeys(secret).Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
    }

    /// <summary>The value of <c>X-Spark-Signature</c>: over the body alone, with the secret's characters as they are written, prefix included.</summary>
    public static string Spark(string secret, ReadOnlySpan<byte> body) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";

    private static IEnumerable<byte[]> FindKeys(string secret)
    {
        if (secret.StartsWith(Prefix, StringComparison.Ordinal) && FindBytes(secret[Prefix.Length..]) is { } key)
        {
            yield return key;
            yield break;
        }

        yield return Encoding.UTF8.GetBytes(secret);
        if (FindBytes(secret) is { } bytes)
        {
            yield return bytes;
        }
    }

    private static byte[]? FindBytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length is >= LeastBytes and <= MostBytes ? bytes[..length] : null;
    }
}
