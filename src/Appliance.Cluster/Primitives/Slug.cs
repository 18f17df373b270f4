using System.Text.RegularExpressions;

namespace Appliance.Cluster.Primitives;

/// <summary>The grammar of our own short ids: lower-case letters, digits and hyphens, 1 to 63 characters, starting with a letter or digit.</summary>
public static partial class Slug
{
    /// <summary>Whether the text is a slug. Thread-safe.</summary>
    public static bool IsValid(string? text) => text is not null && Grammar().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
