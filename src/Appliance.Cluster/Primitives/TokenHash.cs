using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Appliance.Cluster.Primitives;

/// <summary>
/// The SHA-256 of a token: what is kept and compared instead of the token (threat T-29). A token has 256 random bits, so it needs no salt and no slow hash.
/// Comparing takes the same time wherever two hashes differ.
/// </summary>
public readonly struct TokenHash : IEquatable<TokenHash>
{
    private readonly ImmutableArray<byte> _sha256;

    private TokenHash(ImmutableArray<byte> sha256) => _sha256 = sha256;

    /// <summary>The hash of what a caller sent, whatever that was.</summary>
    public static TokenHash Of(string token) => new([.. SHA256.HashData(Encoding.UTF8.GetBytes(token))]);

    /// <inheritdoc/>
    public bool Equals(TokenHash other) => CryptographicOperations.FixedTimeEquals(_sha256.AsSpan(), other._sha256.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TokenHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _sha256.IsDefaultOrEmpty ? 0 : BitConverter.ToInt32(_sha256.AsSpan());

    /// <summary>Says nothing, so that no log can.</summary>
    public override string ToString() => "(hash of a token)";

    /// <summary>Whether two hashes are the same.</summary>
    public static bool operator ==(TokenHash left, TokenHash right) => left.Equals(right);

    /// <summary>Whether two hashes differ.</summary>
    public static bool operator !=(TokenHash left, TokenHash right) => !left.Equals(right);

    /// <summary>Whether it is one of several; looks at all of them, whichever it is.</summary>
    internal bool IsAmong(ImmutableArray<TokenHash> hashes)
    {
        var found = false;
        foreach (var hash in hashes)
        {
            found |= Equals(hash);
        }

        return found;
    }

    internal static TokenHash Stored(byte[] sha256) => new([.. sha256]);

    internal byte[] ToStored() => [.. _sha256];
}
