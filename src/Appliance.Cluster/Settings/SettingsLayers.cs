using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>
/// How environment and file become values: the file wins, key by key, and what neither sets has its default. The one validator on every way in (threat T-39):
/// environment, file, page and API. Immutable and pure.
/// </summary>
internal sealed class SettingsLayers
{
    private readonly ImmutableArray<SettingsRule> _rules;
    private readonly ImmutableDictionary<string, Setting> _byKey;
    private readonly ImmutableDictionary<string, string> _environment;

    /// <summary>Reads the environment once. Throws <see cref="ArgumentException"/> when two features declare the same key.</summary>
    public SettingsLayers(IEnumerable<Setting> declared, IEnumerable<SettingsRule> rules, Func<string, string?> readEnvironment)
    {
        Settings = [.. declared];
        _rules = [.. rules];
        _byKey = Settings.ToImmutableDictionary(setting => setting.Key, StringComparer.OrdinalIgnoreCase);
        var texts = Settings
            .Select(setting => (setting, Text: readEnvironment(setting.Key)?.Trim()))
            .Where(found => !string.IsNullOrEmpty(found.Text))
            .Select(found => (found.setting, Text: found.Text!, Problem: found.setting.FindProblem(found.Text!)))
            .ToArray();
        EnvironmentProblems = [.. texts.Where(found => found.Problem is not null).Select(found => new SettingProblem(found.setting.Key, found.Problem!))];
        _environment = texts.Where(found => found.Problem is null).ToImmutableDictionary(found => found.setting.Key, found => found.Text, StringComparer.Ordinal);
    }

    /// <summary>What can be set, in the order of declaration.</summary>
    public ImmutableArray<Setting> Settings { get; }

    /// <summary>The environment keys whose value cannot be right; they count as absent.</summary>
    public ImmutableArray<SettingProblem> EnvironmentProblems { get; }

    /// <summary>The setting of a key in any spelling, or null.</summary>
    public Setting? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The values with these texts of the file on top.</summary>
    public SettingValues Combine(ImmutableDictionary<string, string> overlay) => new(
        _environment.ToImmutableDictionary(pair => pair.Key, pair => (pair.Value, SettingSource.Environment), StringComparer.Ordinal)
            .SetItems(overlay.Select(pair => KeyValuePair.Create(pair.Key, (pair.Value, SettingSource.File)))));

    /// <summary>What is wrong between settings with these texts of the file on top.</summary>
    public ImmutableArray<SettingProblem> CheckRules(ImmutableDictionary<string, string> overlay)
    {
        var values = Combine(overlay);
        return [.. _rules.SelectMany(rule => rule.Check(values))];
    }

    /// <summary>
    /// The texts after these changes, the settings that they name, and everything that is wrong with them. Keys come in any spelling; null takes a text away.
    /// </summary>
    public (ImmutableDictionary<string, string> Texts, ImmutableArray<Setting> Named, ImmutableArray<SettingProblem> Problems) Apply(
        IReadOnlyDictionary<string, string?> changes, ImmutableDictionary<string, string> overlay)
    {
        var texts = overlay;
        var named = ImmutableArray.CreateBuilder<Setting>();
        var problems = ImmutableArray.CreateBuilder<SettingProblem>();
        foreach (var (key, text) in changes)
        {
            if (Find(key) is not { } setting)
            {
                problems.Add(new SettingProblem(key, $"There is no setting '{SettingsFile.Show(key)}'."));
            }
            else if (named.Contains(setting))
            {
                problems.Add(new SettingProblem(setting.Key, $"{setting.Key} is named twice; name it once."));
            }
            else if (text is not null && setting.FindProblemOfChoice(text.Trim()) is { } problem)
            {
                problems.Add(new SettingProblem(setting.Key, problem));
            }
            else
            {
                named.Add(setting);
                texts = text is null ? texts.Remove(setting.Key) : texts.SetItem(setting.Key, text.Trim());
            }
        }

        var bad = problems.Select(told => told.Key).ToHashSet(StringComparer.Ordinal);
        return (texts, named.ToImmutable(), [.. problems, .. CheckRules(texts).Where(problem => !bad.Contains(problem.Key))]);
    }

    /// <summary>
    /// What of a file is taken: all of it or, with a problem, nothing. A key that nobody knows is said and kept, but hinders nothing: it may be of another
    /// version of the appliance.
    /// </summary>
    public SettingsOverlay Accept(SettingsFileReading reading)
    {
        if (!reading.Problems.IsEmpty)
        {
            return SettingsOverlay.Refused(reading.Problems);
        }

        var overlay = Texts(reading);
        var unknown = reading.Entries.Where(entry => Find(entry.Key) is null).ToImmutableArray();
        var problems = reading.Entries
            .Select(entry => (entry.Place, Problem: Find(entry.Key)?.FindProblemOfChoice(entry.Text)))
            .Where(found => found.Problem is not null)
            .Select(found => found.Place.Say(found.Problem!))
            .Concat(CheckRules(overlay).Select(problem => PlaceOf(reading, problem.Key).Say(problem.Message)))
            .ToImmutableArray();
        var remarks = unknown.Select(entry => entry.Place.Say($"'{SettingsFile.Show(entry.Key)}' is no setting of this version; it is left alone."));
        return problems.IsEmpty ? new SettingsOverlay(overlay, unknown, [.. remarks], IsRefused: false) : SettingsOverlay.Refused([.. problems, .. remarks]);
    }

    /// <summary>What of a file that was good once is good still: every entry by itself, and none when they do not go together any more.</summary>
    public SettingsOverlay Salvage(SettingsFileReading? lastGood)
    {
        var overlay = lastGood is null ? ImmutableDictionary<string, string>.Empty : Texts(lastGood);
        return CheckRules(overlay).IsEmpty
            ? new SettingsOverlay(overlay, [.. lastGood?.Entries.Where(entry => Find(entry.Key) is null) ?? []], [], IsRefused: false)
            : SettingsOverlay.Empty;
    }

    private ImmutableDictionary<string, string> Texts(SettingsFileReading reading) => reading.Entries
        .Select(entry => (Setting: Find(entry.Key), entry.Text))
        .Where(entry => entry.Setting is not null && entry.Setting.FindProblemOfChoice(entry.Text) is null)
        .ToImmutableDictionary(entry => entry.Setting!.Key, entry => entry.Text, StringComparer.Ordinal);

    private static YamlPlace PlaceOf(SettingsFileReading reading, string key) =>
        reading.Entries.FirstOrDefault(entry => entry.Key == key)?.Place ?? YamlPlace.Start;
}
