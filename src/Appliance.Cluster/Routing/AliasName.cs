using System.Text.RegularExpressions;

namespace Appliance.Cluster.Routing;

/// <summary>The grammar of aliases: what programs write as a model's name (<c>gpt-4o-mini</c>, <c>llama3.1:8b</c>), so wider than our own ids.</summary>
public static partial class AliasName
{
    /// <summary>The grammar in words, to end the sentence "an alias is …".</summary>
    public const string Rule = "1 to 64 lower-case letters, digits, dots, colons, hyphens and underscores, and begins with a letter or digit";

    /// <summary>Reads an alias in any case; false for anything the grammar refuses.</summary>
    public static bool TryParse(string? text, out string name)
    {
        name = text?.Trim().ToLowerInvariant() ?? string.Empty;
        return Grammar().IsMatch(name);
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._:-]{0,63}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
