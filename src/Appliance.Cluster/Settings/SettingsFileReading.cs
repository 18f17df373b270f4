using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>What came out of reading <c>app_settings.json</c>: its entries, or the reasons why it cannot be taken.</summary>
/// <param name="Entries">The entries in the order of the file, each key once; empty when there is a problem.</param>
/// <param name="Problems">One sentence each with line and column; empty when all is well.</param>
internal sealed record SettingsFileReading(ImmutableArray<SettingsFileEntry> Entries, ImmutableArray<string> Problems)
{
    public static SettingsFileReading Refuse(YamlPlace place, string sentence) => new([], [place.Say(sentence)]);
}
