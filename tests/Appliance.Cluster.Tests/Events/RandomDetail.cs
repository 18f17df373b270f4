using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Appliance.Cluster.Tests.Events;

/// <summary>JSON of random shape: objects, arrays and JSON in texts, with forbidden keys in any case strewn in between harmless ones.</summary>
/// <param name="Text">The JSON.</param>
/// <param name="Kept">How many harmless facts stand outside of forbidden keys.</param>
internal sealed record RandomDetail(string Text, int Kept)
{
    public const string Forbidden = "what Alice said";

    private const string Fact = "fact";

    private static readonly string[] Names = ["prompt", "text", "body", "document_body", "messages", "content", "raw_content", "raw"];

    private static readonly Gen<string> ForbiddenName =
        from name in Gen.Elements(Names)
        from upper in Gen.Choose(0, 3)
        select upper switch { 0 => name.ToUpperInvariant(), 1 => $" {name}", 2 => char.ToUpperInvariant(name[0]) + name[1..], _ => name };

    public static Gen<RandomDetail> Values { get; } = Node(4).Where(node => node.Text[0] is '{' or '[');

    public static int CountKept(string text) => Regex.Count(text, Fact, RegexOptions.NonBacktracking);

    public override string ToString() => Text;

    private static Gen<RandomDetail> Node(int depth) => depth == 0
        ? Leaf()
        : Gen.Frequency(
            (1, Leaf()),
            (3, Object(depth)),
            (2, Node(depth - 1).ListOf().Select(items => new RandomDetail($"[{string.Join(",", items.Select(item => item.Text))}]", items.Sum(item => item.Kept)))),
            // One level of JSON in a text: each further one is another level of quoting, which the envelope follows to a limit.
            (1, Object(1).Select(inner => inner with { Text = JsonSerializer.Serialize(inner.Text) })));

    private static Gen<RandomDetail> Leaf() => Gen.Elements(
        new RandomDetail($"\"{Fact}\"", 1), new RandomDetail("12", 0), new RandomDetail("null", 0), new RandomDetail("true", 0), new RandomDetail("\"[\"", 0));

    private static Gen<RandomDetail> Object(int depth)
    {
        var harmless = from name in Gen.Elements("host", "bytes", "prompts", "context") from value in Node(depth - 1) select ($"\"{name}\":{value.Text}", value.Kept);
        var forbidden = from name in ForbiddenName
                        from value in Gen.Elements($"\"{Forbidden}\"", $"[\"{Forbidden}\",\"{Fact}\"]", $$"""{"role":"user","said":"{{Forbidden}}"}""")
                        select ($"{JsonSerializer.Serialize(name)}:{value}", 0);
        return Gen.Frequency((2, harmless), (1, forbidden)).ListOf()
            .Select(members => new RandomDetail($"{{{string.Join(",", members.Select(member => member.Item1))}}}", members.Sum(member => member.Item2)));
    }
}
