namespace Appliance.Cluster.Primitives;

/// <summary>Names a service with a tile, for example <c>asr</c>. Grammar: <see cref="Slug"/>.</summary>
public readonly record struct ServiceId
{
    private ServiceId(string value) => Value = value;

    /// <summary>The text, never empty for a parsed id.</summary>
    public string Value { get; }

    /// <summary>Reads an id; false for anything the grammar refuses.</summary>
    public static bool TryParse(string? text, out ServiceId id)
    {
        var ok = Slug.IsValid(text);
        id = ok ? new ServiceId(text!) : default;
        return ok;
    }

    /// <summary>Reads an id, or throws <see cref="FormatException"/>: for constants, storage and tests.</summary>
    public static ServiceId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a service id.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
