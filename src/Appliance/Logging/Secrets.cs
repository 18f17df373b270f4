using System.Collections;
using System.Text;

namespace Appliance.Logging;

/// <summary>
/// The secret values that this process was given. Log lines are searched for them, because a secret reaches a log by way of
/// somebody else's exception text. Fixed after the start.
/// </summary>
internal sealed class Secrets
{
    // A shorter one would blank out ordinary words.
    private const int ShortestSecret = 6;
    private static readonly string[] SecretWords = ["KEY", "TOKEN", "SECRET", "PASSWORD"];
    private readonly string[] _values;

    public Secrets(IEnumerable<string> values) =>
        _values = [.. values.Where(value => value.Length >= ShortestSecret).SelectMany(Spellings).Distinct(StringComparer.Ordinal).OrderByDescending(value => value.Length)];

    /// <summary>The values of all environment keys that are named like a secret; a key that names a path is none.</summary>
    public static Secrets OfEnvironment(IDictionary environment) =>
        new(environment.Cast<DictionaryEntry>()
            .Where(entry => entry.Key is string key && SecretWords.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase))
                && !key.EndsWith("_PATH", StringComparison.OrdinalIgnoreCase))
            .Select(entry => entry.Value as string ?? ""));

    public string Redact(string text)
    {
        foreach (var value in _values)
        {
            text = text.Replace(value, "***", StringComparison.Ordinal);
        }

        return text;
    }

    private static IEnumerable<string> Spellings(string value) =>
        [value, Uri.EscapeDataString(value), Convert.ToBase64String(Encoding.UTF8.GetBytes(value))];
}
