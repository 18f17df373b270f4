using System.Collections.Immutable;
using System.Globalization;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Discovery;

/// <summary>
/// Reads the answer of <c>list-models.sh</c>. Pure; never throws, whatever the text. Lines before the header (a login banner) and lines it does not
/// know are skipped. A model is a block from <c>model</c> to <c>done</c>; the lines of its config stand behind a bar.
/// </summary>
internal static class CacheListingReader
{
    /// <summary>The first line of ours.</summary>
    public const string Header = "appliance-models 1";

    /// <summary>More models than this are not read: a thousand is a large home, and memory is not without end.</summary>
    public const int MaxModels = 20_000;

    /// <summary>Longer configs are dropped; the script does not send them (64 KiB), and real ones have 1 to 20 kB.</summary>
    public const int MaxConfigLength = 1 << 16;

    private const string FolderPrefix = "models--";

    /// <summary>Reads a whole answer.</summary>
    public static CacheListing Read(string text)
    {
        var models = new SortedDictionary<string, CachedModel>(StringComparer.Ordinal);
        CachedModelBlock? block = null;
        string? obstacle = null;
        var seen = 0;
        var isWhole = false;
        var isOurs = false;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            if (!isOurs)
            {
                isOurs = raw.SequenceEqual(Header);
                continue;
            }

            if (raw.StartsWith('|'))
            {
                block?.AddConfigLine(raw[1..]);
                continue;
            }

            var (key, value) = Split(raw);
            switch (key)
            {
                case "hub" when value is not ("present" or "missing"):
                    obstacle = value;
                    break;
                case "model":
                    block = new CachedModelBlock(value);
                    break;
                case "done" when block is not null:
                    seen++;
                    if (FindRepo(block.Folder) is { } repo && models.Count < MaxModels)
                    {
                        models[repo.ToString()] = block.Build(repo);
                    }

                    block = null;
                    break;
                case "end":
                    isWhole = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count == seen;
                    return new CacheListing { IsWhole = isWhole && obstacle is null, Obstacle = obstacle, Models = [.. models.Values] };
                default:
                    block?.Read(key, value);
                    break;
            }
        }

        return isOurs ? new CacheListing { IsWhole = isWhole, Obstacle = obstacle, Models = [.. models.Values] } : CacheListing.Nothing;
    }

    /// <summary>The repository of a cache folder <c>models--owner--name</c>; null for one without an owner or with an odd name.</summary>
    internal static RepoId? FindRepo(string folder)
    {
        if (!folder.StartsWith(FolderPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var words = folder[FolderPrefix.Length..].Split("--");
        return words.Length == 2 && RepoId.TryParse($"{words[0]}/{words[1]}", out var repo) ? repo : null;
    }

    private static (string Key, string Value) Split(ReadOnlySpan<char> line)
    {
        var blank = line.IndexOf(' ');
        return blank < 0 ? (line.ToString(), "") : (line[..blank].ToString(), line[(blank + 1)..].Trim().ToString());
    }
}
