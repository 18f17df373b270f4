using System.Text;

namespace Appliance.Gateway.Tests.Bodies;

/// <summary>JSON objects with a top-level model somewhere, in every odd spelling that the grammar allows.</summary>
internal static class RandomJson
{
    private static readonly string[] Texts =
        ["", "model", "a", "\\u006dodel", "\\\"", "\\\\", "\\/", "ä", "日本", "🎈", "\\ud83c\\udf88", "http://example.org", "\\n\\t", "}", "{\\\"model\\\":\\\"x\\\"}"];

    private static readonly string[] Blanks = ["", "", "", " ", "\n", "\r\n", "\t  "];

    /// <summary>The text before the model's value, the value, and the text after it.</summary>
    public static (string Before, string Value, string After) Object(Random random)
    {
        var before = new StringBuilder(Blank(random)).Append('{').Append(Blank(random));
        for (var i = random.Next(4); i > 0; i--)
        {
            before.Append(Member(random)).Append(Blank(random)).Append(',').Append(Blank(random));
        }

        before.Append(random.Next(2) == 0 ? "\"model\"" : "\"mod\\u0065l\"").Append(Blank(random)).Append(':').Append(Blank(random));
        var after = new StringBuilder(Blank(random));
        for (var i = random.Next(4); i > 0; i--)
        {
            after.Append(',').Append(Blank(random)).Append(Member(random)).Append(Blank(random));
        }

        after.Append('}').Append(Blank(random));
        return (before.ToString(), random.Next(5) == 0 ? "null" : Text(random), after.ToString());
    }

    private static string Member(Random random) => $"\"k{random.Next(100)}\"{Blank(random)}:{Blank(random)}{Value(random, 3)}";

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => random.Next(2) == 0 ? "-0.50e+07" : "1234567890123456789012345",
        3 or 4 => Text(random),
        5 => $"[{Blank(random)}{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]",
        _ => $"{{{Blank(random)}{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(i => $"{Text(random)}:{Value(random, depth - 1)}"))}}}",
    };

    private static string Text(Random random) => $"\"{string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Texts[random.Next(Texts.Length)]))}\"";

    private static string Blank(Random random) => Blanks[random.Next(Blanks.Length)];
}
