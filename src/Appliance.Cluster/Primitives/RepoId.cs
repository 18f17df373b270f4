using System.Text.RegularExpressions;

namespace Appliance.Cluster.Primitives;

/// <summary>
/// A Hugging Face repository, <c>owner/name</c>. The grammar is stricter than the hub's: every word starts with a letter or a digit
/// and has at most 96 characters, so that a repo can never be read as an option or as a path (threat T-01, T-04).
/// </summary>
public readonly partial record struct RepoId
{
    private RepoId(string owner, string name)
    {
        Owner = owner;
        Name = name;
    }

    /// <summary>The part before the slash, as written.</summary>
    public string Owner { get; }

    /// <summary>The part after the slash, as written.</summary>
    public string Name { get; }

    /// <summary>The id used in URLs and in storage: <c>owner--name</c> in lower case.</summary>
    public ModelId Id => ModelId.Of(this);

    /// <summary>Reads <c>owner/name</c>; false for anything the grammar refuses.</summary>
    public static bool TryParse(string? text, out RepoId repo)
    {
        repo = default;
        if (text is null || !Grammar().IsMatch(text) || text.Contains("..", StringComparison.Ordinal)
            || text.Contains("--", StringComparison.Ordinal))
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        repo = new RepoId(text[..slash], text[(slash + 1)..]);
        return true;
    }

    /// <summary>Reads <c>owner/name</c>, or throws <see cref="FormatException"/>: for constants and tests.</summary>
    public static RepoId Parse(string text) =>
        TryParse(text, out var repo) ? repo : throw new FormatException($"'{text}' is not a repository of the form owner/name.");

    /// <inheritdoc/>
    public override string ToString() => $"{Owner}/{Name}";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
