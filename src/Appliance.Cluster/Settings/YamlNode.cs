using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>A value in a YAML file. Scalars are texts: what they mean is decided by whoever reads them, never by YAML's own rules.</summary>
public abstract record YamlNode
{
    private YamlNode(YamlPlace place) => Place = place;

    /// <summary>Where it begins.</summary>
    public YamlPlace Place { get; }

    /// <summary>A text.</summary>
    public sealed record Scalar : YamlNode
    {
        internal Scalar(string text, bool isQuoted, YamlPlace place)
            : base(place)
        {
            Text = text;
            IsQuoted = isQuoted;
        }

        /// <summary>The text as written, quotes removed.</summary>
        public string Text { get; }

        /// <summary>Whether it was written with quotes or as a block.</summary>
        public bool IsQuoted { get; }

        /// <summary>Whether nothing was written (<c>key:</c>), which means the same as leaving the key out.</summary>
        public bool IsAbsent => Text.Length == 0 && !IsQuoted;
    }

    /// <summary>A list.</summary>
    public sealed record List : YamlNode
    {
        internal List(ImmutableArray<YamlNode> items, YamlPlace place)
            : base(place) => Items = items;

        /// <summary>The items in order.</summary>
        public ImmutableArray<YamlNode> Items { get; }
    }

    /// <summary>A map with unique keys.</summary>
    public sealed record Map : YamlNode
    {
        internal Map(ImmutableArray<YamlEntry> entries, YamlPlace place)
            : base(place) => Entries = entries;

        /// <summary>The entries in the order of the file.</summary>
        public ImmutableArray<YamlEntry> Entries { get; }
    }
}
