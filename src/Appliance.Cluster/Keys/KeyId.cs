using System.Security.Cryptography;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Keys;

/// <summary>Names a key without being one. Grammar: <see cref="Slug"/>.</summary>
public readonly record struct KeyId
{
    private const int Bytes = 6;

    private KeyId(string value) => Value = value;

    /// <summary>The text, never empty for a parsed id.</summary>
    public string Value { get; }

    /// <summary>Reads an id; false for anything the grammar refuses.</summary>
    public static bool TryParse(string? text, out KeyId id)
    {
        var ok = Slug.IsValid(text);
        id = ok ? new KeyId(text!) : default;
        return ok;
    }

    /// <summary>Reads an id, or throws <see cref="FormatException"/>: for storage and tests.</summary>
    public static KeyId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not the id of a key.");

    /// <summary>A new id of 48 random bits.</summary>
    public static KeyId New(RandomNumberGenerator random)
    {
        var bytes = new byte[Bytes];
        random.GetBytes(bytes);
        return new($"key-{Convert.ToHexStringLower(bytes)}");
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
