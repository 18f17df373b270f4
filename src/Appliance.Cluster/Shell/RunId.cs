using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Shell;

/// <summary>Names a command that may run at most once on a host. Grammar: <see cref="Slug"/>. Never used again for another command.</summary>
public readonly record struct RunId
{
    private RunId(string value) => Value = value;

    /// <summary>The text, never empty for a parsed id.</summary>
    public string Value { get; }

    /// <summary>Reads an id, or throws <see cref="FormatException"/>: ids are made by us.</summary>
    public static RunId Parse(string text) => Slug.IsValid(text) ? new(text) : throw new FormatException($"'{text}' is not the id of a run.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
