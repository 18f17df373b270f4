using System.Security.Cryptography;

namespace Appliance.Cluster.Primitives;

/// <summary>Names one swap or stop job. Grammar: <see cref="Slug"/>.</summary>
public readonly record struct SwapJobId
{
    private SwapJobId(string value) => Value = value;

    /// <summary>The text, never empty for a parsed id.</summary>
    public string Value { get; }

    /// <summary>Reads an id; false for anything the grammar refuses.</summary>
    public static bool TryParse(string? text, out SwapJobId id)
    {
        var ok = Slug.IsValid(text);
        id = ok ? new SwapJobId(text!) : default;
        return ok;
    }

    /// <summary>Reads an id, or throws <see cref="FormatException"/>: for constants, storage and tests.</summary>
    public static SwapJobId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a job id.");

    /// <summary>A new id of 96 random bits: job ids are not enumerable (threat T-38).</summary>
    public static SwapJobId New(RandomNumberGenerator random)
    {
        var bytes = new byte[12];
        random.GetBytes(bytes);
        return new($"swap-{Convert.ToHexStringLower(bytes)}");
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
