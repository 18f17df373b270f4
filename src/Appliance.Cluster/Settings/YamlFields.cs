using System.Collections.Immutable;
using System.Globalization;

namespace Appliance.Cluster.Settings;

/// <summary>
/// Reads the entries of a map one by one and collects every problem instead of stopping at the first. What nobody asked for is a problem too
/// (<see cref="RefuseUnknown"/>): a misspelt key must not be silently without effect. Not thread-safe.
/// </summary>
public sealed class YamlFields
{
    private readonly YamlNode.Map _map;
    private readonly ICollection<string> _problems;
    private readonly List<string> _known = [];

    /// <summary>Reads <paramref name="map"/> and adds sentences to <paramref name="problems"/>.</summary>
    public YamlFields(YamlNode.Map map, ICollection<string> problems)
    {
        _map = map;
        _problems = problems;
    }

    /// <summary>Where the map begins.</summary>
    public YamlPlace Place => _map.Place;

    /// <summary>The value of a key, or null when it is absent or empty.</summary>
    public YamlNode? Find(string key)
    {
        _known.Add(key);
        var value = _map.Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
        return value is YamlNode.Scalar { IsAbsent: true } ? null : value;
    }

    /// <summary>The text of a key, or null when it is absent; anything but a text is a problem.</summary>
    public string? FindText(string key) => FindScalar(key)?.Text;

    /// <summary>The text of a key that must be there; empty after a problem was noted.</summary>
    public string GetText(string key, string example)
    {
        var had = _problems.Count;
        var text = FindText(key);
        if (string.IsNullOrWhiteSpace(text) && _problems.Count == had)
        {
            Problem(_map.Place, $"'{key}' is missing; for example {key}: {example}");
        }

        return text ?? "";
    }

    /// <summary>A whole number in strict decimal, or null when it is absent or a problem was noted. <c>010</c>, <c>0x1F</c> and <c>1_000</c> are problems.</summary>
    public int? FindNumber(string key, int min, int max)
    {
        if (FindScalar(key) is not { } scalar)
        {
            return null;
        }

        if (TryReadNumber(scalar.Text, min, max, out var number))
        {
            return number;
        }

        Problem(scalar.Place, $"'{key}' must be a whole number from {min} to {max}, written in plain digits.");
        return null;
    }

    /// <summary>The texts of a list; empty when it is absent. Anything but a list of texts is a problem.</summary>
    public ImmutableArray<YamlNode.Scalar> FindTexts(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlNode.List list:
                foreach (var item in list.Items.Where(item => item is not YamlNode.Scalar))
                {
                    Problem(item.Place, $"'{key}' is a list of plain words; put a word with {{ or [ in quotes.");
                }

                return [.. list.Items.OfType<YamlNode.Scalar>()];
            case { } other:
                Problem(other.Place, $"'{key}' must be a list: one word per line, each after '- '.");
                return [];
        }
    }

    /// <summary>The entries of a map of texts; empty when it is absent.</summary>
    public ImmutableArray<(string Key, string Text, YamlPlace Place)> FindPairs(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlNode.Map map:
                foreach (var entry in map.Entries.Where(entry => entry.Value is not YamlNode.Scalar))
                {
                    Problem(entry.Value.Place, $"'{entry.Key}' must be a plain text.");
                }

                return [.. map.Entries.Where(entry => entry.Value is YamlNode.Scalar)
                    .Select(entry => (entry.Key, ((YamlNode.Scalar)entry.Value).Text, entry.KeyPlace))];
            case { } other:
                Problem(other.Place, $"'{key}' must be a map: one 'NAME: value' per line.");
                return [];
        }
    }

    /// <summary>The maps of a list; empty when it is absent. Anything but a list of maps is a problem.</summary>
    public ImmutableArray<YamlNode.Map> FindMaps(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlNode.List list:
                foreach (var item in list.Items.Where(item => item is not YamlNode.Map))
                {
                    Problem(item.Place, $"each entry of '{key}' must be a map of 'name: value' lines.");
                }

                return [.. list.Items.OfType<YamlNode.Map>()];
            case { } other:
                Problem(other.Place, $"'{key}' must be a list.");
                return [];
        }
    }

    /// <summary>Where a key's value begins; the map's own place when it is absent.</summary>
    public YamlPlace PlaceOf(string key) => _map.Entries.FirstOrDefault(entry => entry.Key == key)?.Value.Place ?? _map.Place;

    /// <summary>Notes a problem at a place.</summary>
    public void Problem(YamlPlace place, string sentence) => _problems.Add(place.Say(sentence));

    /// <summary>Notes every key that was not asked for. Call it last.</summary>
    public void RefuseUnknown()
    {
        foreach (var entry in _map.Entries.Where(entry => !_known.Contains(entry.Key)))
        {
            Problem(entry.KeyPlace, $"'{entry.Key}' is not known here; known are {string.Join(", ", _known)}.");
        }
    }

    /// <summary>Reads a whole number in strict decimal: no sign, no leading zero, no underscores.</summary>
    public static bool TryReadNumber(string? text, int min, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number >= min && number <= max && (text!.Length == 1 || text[0] != '0');

    private YamlNode.Scalar? FindScalar(string key)
    {
        var value = Find(key);
        if (value is null or YamlNode.Scalar)
        {
            return (YamlNode.Scalar?)value;
        }

        Problem(value.Place, $"'{key}' must be a plain text.");
        return null;
    }
}
