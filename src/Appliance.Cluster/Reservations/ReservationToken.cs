using System.Security.Cryptography;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Reservations;

/// <summary>The secret that its holder proves a reservation with. It is told once, in the answer that grants it; we keep only its <see cref="Hash"/>.</summary>
public readonly struct ReservationToken : IEquatable<ReservationToken>
{
    private readonly string? _text;

    private ReservationToken(string text) => _text = text;

    /// <summary>What is kept of it.</summary>
    public TokenHash Hash => TokenHash.Of(Reveal());

    /// <summary>A new one of 256 random bits.</summary>
    public static ReservationToken New(RandomNumberGenerator random) => new(RandomText.New(random));

    /// <summary>The secret itself, 43 characters of base64url: for the one answer to its holder.</summary>
    public string Reveal() => _text ?? throw new InvalidOperationException("There is no token.");

    /// <inheritdoc/>
    public bool Equals(ReservationToken other) => Hash.Equals(other.Hash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ReservationToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <summary>Says nothing, so that no log can.</summary>
    public override string ToString() => "(token)";

    /// <summary>Whether two tokens are the same.</summary>
    public static bool operator ==(ReservationToken left, ReservationToken right) => left.Equals(right);

    /// <summary>Whether two tokens differ.</summary>
    public static bool operator !=(ReservationToken left, ReservationToken right) => !left.Equals(right);
}
