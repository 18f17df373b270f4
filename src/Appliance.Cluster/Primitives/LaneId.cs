namespace Appliance.Cluster.Primitives;

/// <summary>Names a place where one model runs; <c>main</c> is the first. Grammar: <see cref="Slug"/>.</summary>
public readonly record struct LaneId
{
    private LaneId(string value) => Value = value;

    /// <summary>The text, never empty for a parsed id.</summary>
    public string Value { get; }

    /// <summary>Reads an id; false for anything the grammar refuses.</summary>
    public static bool TryParse(string? text, out LaneId id)
    {
        var ok = Slug.IsValid(text);
        id = ok ? new LaneId(text!) : default;
        return ok;
    }

    /// <summary>Reads an id, or throws <see cref="FormatException"/>: for constants, storage and tests.</summary>
    public static LaneId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a lane id.");

    /// <summary>The lane that the environment keys describe and that requests mean when they name none.</summary>
    public static LaneId Main { get; } = new("main");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
