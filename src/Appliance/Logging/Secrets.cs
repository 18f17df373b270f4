using System.Collections;
using System.Collections.Immutable;
using System.Text;

namespace Appliance.Logging;

/// <summary>
/// The secret values that this process was given. Log lines are searched for them, because a secret reaches a log by way of
/// somebody else's exception text. Thread-safe.
/// </summary>
internal sealed class Secrets
{
    // A shorter one would blank out ordinary words.
    private const int ShortestSecret = 6;
    private static readonly string[] SecretWords = ["KEY", "TOKEN", "SECRET", "PASSWORD"];

    // Whoever sets secrets all day long pushes out the oldest of them, which nobody uses any more.
    private const int MostLearned = 200;

    private readonly Lock _gate = new();
    private readonly ImmutableArray<string> _given;
    private ImmutableArray<string> _learned = [];
    private volatile string[] _spellings;

    public Secrets(IEnumerable<string> values)
    {
        _given = [.. values];
        _spellings = SpellingsOf(_given);
    }

    /// <summary>The values of all environment keys that are named like a secret; a key that names a path is none.</summary>
    public static Secrets OfEnvironment(IDictionary environment) =>
        new(environment.Cast<DictionaryEntry>()
            .Where(entry => entry.Key is string key && SecretWords.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase))
                && !key.EndsWith("_PATH", StringComparison.OrdinalIgnoreCase))
            .Select(entry => entry.Value as string ?? ""));

    /// <summary>From now on this one is blanked too: called before anybody uses it.</summary>
    public void Learn(string secret)
    {
        lock (_gate)
        {
            if (_learned.Contains(secret))
            {
                return;
            }

            _learned = [.. _learned.TakeLast(MostLearned - 1), secret];
            _spellings = SpellingsOf(_given.Concat(_learned));
        }
    }

    public string Redact(string text)
    {
        foreach (var value in _spellings)
        {
            text = text.Replace(value, "***", StringComparison.Ordinal);
        }

        return text;
    }

    private static string[] SpellingsOf(IEnumerable<string> values) =>
        [.. values.Where(value => value.Length >= ShortestSecret).SelectMany(Spellings).Distinct(StringComparer.Ordinal).OrderByDescending(value => value.Length)];

    private static IEnumerable<string> Spellings(string value) =>
        [value, Uri.EscapeDataString(value), Convert.ToBase64String(Encoding.UTF8.GetBytes(value))];
}
