namespace Appliance.Cluster.Primitives;

/// <summary>Names a machine, for example <c>spark-1</c>. Grammar: <see cref="Slug"/>.</summary>
public readonly record struct HostId
{
    private HostId(string value) => Value = value;

    /// <summary>The text, never empty for a parsed id.</summary>
    public string Value { get; }

    /// <summary>Reads an id; false for anything the grammar refuses.</summary>
    public static bool TryParse(string? text, out HostId id)
    {
        var ok = Slug.IsValid(text);
        id = ok ? new HostId(text!) : default;
        return ok;
    }

    /// <summary>Reads an id, or throws <see cref="FormatException"/>: for constants, storage and tests.</summary>
    public static HostId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a host id.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
