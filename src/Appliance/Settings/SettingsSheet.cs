using System.Collections.Immutable;
using Appliance.Cluster.Settings;

namespace Appliance.Settings;

/// <summary>All settings at one moment, as the page shows them. Immutable.</summary>
public sealed record SettingsSheet(ImmutableArray<SettingLine> Lines, ImmutableArray<string> Problems)
{
    public static SettingsSheet Of(SettingsBook book) => Of(book.Settings, book.Current, book.WithoutFile, book.WaitingForRestart, book.Problems);

    public static SettingsSheet Of(
        IEnumerable<Setting> settings, SettingValues values, SettingValues underneath, ImmutableArray<Setting> waiting, ImmutableArray<string> problems) => new(
            [.. settings.Select(setting => new SettingLine
            {
                Setting = setting,
                Text = SettingWords.InField(setting, values),
                Underneath = SettingWords.InField(setting, underneath),
                UnderneathSource = underneath.SourceOf(setting),
                Source = values.SourceOf(setting),
                IsSet = values.FindText(setting) is not null,
                WaitsForRestart = waiting.Contains(setting),
            })],
            problems);

    /// <summary>
    /// What a person typed as changes: what is so already is none, and what would be so without the file is taken out of it. Null in a draft means "put back".
    /// </summary>
    public ImmutableDictionary<string, string?> ChangesOf(ImmutableDictionary<string, string?> draft)
    {
        var changes = ImmutableDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var line in Lines)
        {
            if (!draft.TryGetValue(line.Setting.Key, out var typed))
            {
                continue;
            }

            // A secret's texts are not known here: only "nothing" can be told from "something".
            var text = typed?.Trim();
            var isUnderneath = line.Setting.IsSecret ? text == "" && line.UnderneathSource == SettingSource.Default : text == line.Underneath;
            var wanted = isUnderneath ? null : text;
            var inFile = line.Source == SettingSource.File ? line.Text : null;
            if (line.Setting.IsSecret || wanted != inFile)
            {
                changes[line.Setting.Key] = wanted;
            }
        }

        return changes.ToImmutable();
    }
}
