using System.Security.Cryptography;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Keys;

/// <summary>The secret of a key. It is shown once, to whoever makes the key; we keep only its <see cref="Hash"/>.</summary>
public sealed class KeyToken
{
    /// <summary>What every token begins with, so that one that went astray is recognised, and other programs' words are not hashed.</summary>
    public const string Prefix = "ak_";

    private readonly string _text;

    private KeyToken(string text) => _text = text;

    /// <summary>What is kept of it.</summary>
    public TokenHash Hash => TokenHash.Of(_text);

    /// <summary>A new one of 256 random bits.</summary>
    public static KeyToken New(RandomNumberGenerator random) => new(Prefix + RandomText.New(random));

    /// <summary>The secret itself: for the one answer to its maker.</summary>
    public string Reveal() => _text;

    /// <summary>Says nothing, so that no log can.</summary>
    public override string ToString() => "(key)";
}
