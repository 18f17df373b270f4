using System.Globalization;

namespace Appliance.Ui;

/// <summary>Numbers as people say them. Pure.</summary>
public static class NumberWords
{
    private static readonly string[] Small =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    /// <summary>"no", "one", … "twelve", then figures.</summary>
    public static string Count(int count) =>
        count >= 0 && count < Small.Length ? Small[count] : count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>"two requests", "one request".</summary>
    public static string Count(int count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary>A context length, rounded down: "262,000", "8,192".</summary>
    public static string Tokens(int tokens)
    {
        var shown = tokens >= 10_000 ? tokens / 1000 * 1000 : tokens;
        return shown.ToString("#,0", CultureInfo.InvariantCulture);
    }

    /// <summary>A rate: "97", "4.2".</summary>
    public static string Rate(double perSecond) =>
        perSecond.ToString(perSecond >= 9.95 ? "#,0" : "0.#", CultureInfo.InvariantCulture);

    /// <summary>The same words with a capital letter.</summary>
    public static string Sentence(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    /// <summary>"Spark 1", "Spark 1 and Spark 2", "A, B and C".</summary>
    public static string And(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "",
        1 => names[0],
        _ => $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}",
    };
}
