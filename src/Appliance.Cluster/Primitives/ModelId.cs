using System.Text.RegularExpressions;

namespace Appliance.Cluster.Primitives;

/// <summary>The id of a model on the menu: <c>owner--name</c>, lower case. Equal ids are the same model on every host.</summary>
public readonly partial record struct ModelId
{
    private ModelId(string value) => Value = value;

    /// <summary>The text, never empty for a parsed id.</summary>
    public string Value { get; }

    /// <summary>The id of a repository.</summary>
    public static ModelId Of(RepoId repo) => new($"{repo.Owner}--{repo.Name}".ToLowerInvariant());

    /// <summary>Reads an id as it stands in a URL.</summary>
    public static bool TryParse(string? text, out ModelId id)
    {
        var ok = text is not null && Grammar().IsMatch(text);
        id = ok ? new ModelId(text!) : default;
        return ok;
    }

    /// <summary>Reads an id, or throws <see cref="FormatException"/>: for storage, constants and tests.</summary>
    public static ModelId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a model id.");

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,199}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
