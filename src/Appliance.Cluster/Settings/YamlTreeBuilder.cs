using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Appliance.Cluster.Settings;

/// <summary>Builds a tree from parser events under <see cref="GuardedYaml"/>'s limits. Its recursion is as deep as <see cref="GuardedYaml.MaxDepth"/>.</summary>
internal sealed class YamlTreeBuilder(IParser parser)
{
    // Null while the anchored value is being read: an alias inside it would make a ring.
    private readonly Dictionary<string, Built?> _anchors = new(StringComparer.Ordinal);
    private int _nodes;
    private int _aliases;

    /// <summary>A value with its weight: how many values it holds, and how deep it is.</summary>
    private sealed record Built(YamlNode Node, int Count, int Height);

    public YamlNode? Build()
    {
        Next<StreamStart>();
        if (Current() is StreamEnd)
        {
            return null;
        }

        Next<DocumentStart>();
        var root = ReadNode(0).Node;
        Next<DocumentEnd>();
        if (Current() is not StreamEnd)
        {
            throw Refused(Current(), "there is a second document (after '---' or '...'); only one is read.");
        }

        return root is YamlNode.Scalar { IsAbsent: true } ? null : root;
    }

    private Built ReadNode(int depth)
    {
        var at = Current();
        if (++_nodes > GuardedYaml.MaxNodes)
        {
            throw Refused(at, $"there are more than {GuardedYaml.MaxNodes:N0} values.");
        }

        if (depth > GuardedYaml.MaxDepth)
        {
            throw Refused(at, $"it is nested deeper than {GuardedYaml.MaxDepth} levels.");
        }

        if (at is AnchorAlias alias)
        {
            return ReadAlias(alias, depth);
        }

        if (at is not NodeEvent node)
        {
            throw Refused(at, "a value was expected here.");
        }

        if (!node.Tag.IsEmpty)
        {
            throw Refused(at, "tags (words that begin with '!') are not read; put the text in quotes if it is one.");
        }

        var anchor = node.Anchor.IsEmpty ? null : node.Anchor.Value;
        if (anchor is not null)
        {
            _anchors[anchor] = null;
        }

        var built = node switch
        {
            YamlDotNet.Core.Events.Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadList(at, depth),
            MappingStart => ReadMap(at, depth),
            _ => throw Refused(at, "a value was expected here."),
        };
        if (anchor is not null)
        {
            _anchors[anchor] = built;
        }

        return built;
    }

    private Built ReadAlias(AnchorAlias alias, int depth)
    {
        if (++_aliases > GuardedYaml.MaxAliases)
        {
            throw Refused(alias, $"there are more than {GuardedYaml.MaxAliases} aliases ('*name').");
        }

        if (!_anchors.TryGetValue(alias.Value.Value, out var target))
        {
            throw Refused(alias, $"'*{alias.Value.Value}' names nothing that came before it.");
        }

        if (target is null)
        {
            throw Refused(alias, $"'*{alias.Value.Value}' contains itself.");
        }

        _nodes += target.Count - 1;
        if (_nodes > GuardedYaml.MaxNodes || depth + target.Height > GuardedYaml.MaxDepth)
        {
            throw Refused(alias, "with what the aliases repeat, there are too many values.");
        }

        parser.MoveNext();
        return target;
    }

    private Built ReadScalar(YamlDotNet.Core.Events.Scalar scalar)
    {
        parser.MoveNext();
        return new Built(new YamlNode.Scalar(scalar.Value, scalar.Style != ScalarStyle.Plain, GuardedYaml.PlaceOf(scalar.Start)), 1, 0);
    }

    private Built ReadList(ParsingEvent start, int depth)
    {
        parser.MoveNext();
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        int count = 1, height = 0;
        while (Current() is not SequenceEnd)
        {
            var item = ReadNode(depth + 1);
            items.Add(item.Node);
            count += item.Count;
            height = Math.Max(height, item.Height);
        }

        parser.MoveNext();
        return new Built(new YamlNode.List(items.ToImmutable(), GuardedYaml.PlaceOf(start.Start)), count, height + 1);
    }

    private Built ReadMap(ParsingEvent start, int depth)
    {
        parser.MoveNext();
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        int count = 1, height = 0;
        while (Current() is not MappingEnd)
        {
            var at = Current();
            if (ReadNode(depth + 1).Node is not YamlNode.Scalar key)
            {
                throw Refused(at, "the key of a map must be a plain word.");
            }

            if (!keys.Add(key.Text))
            {
                throw Refused(at, $"'{Shorten(key.Text)}' stands here a second time.");
            }

            var value = ReadNode(depth + 1);
            entries.Add(new YamlEntry(key.Text, GuardedYaml.PlaceOf(at.Start), value.Node));
            count += 1 + value.Count;
            height = Math.Max(height, value.Height);
        }

        parser.MoveNext();
        return new Built(new YamlNode.Map(entries.ToImmutable(), GuardedYaml.PlaceOf(start.Start)), count, height + 1);
    }

    private ParsingEvent Current()
    {
        while (parser.Current is null or Comment)
        {
            if (!parser.MoveNext())
            {
                throw new YamlRefusedException(YamlPlace.Start, "the file ends too early.");
            }
        }

        return parser.Current;
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        var at = Current();
        if (at is not T)
        {
            throw Refused(at, "this does not belong here.");
        }

        parser.MoveNext();
    }

    private static YamlRefusedException Refused(ParsingEvent at, string message) => new(GuardedYaml.PlaceOf(at.Start), message);

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
