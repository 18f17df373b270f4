using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>What the file adds to the environment.</summary>
/// <param name="Texts">Good values by environment key; empty texts mean "not set on purpose".</param>
/// <param name="Unknown">Entries that nobody reads; they are written back as they were.</param>
/// <param name="Problems">What is to be told about the file, with places.</param>
/// <param name="IsRefused">Whether the file is bad, so that its content is not what is in force.</param>
internal sealed record SettingsOverlay(
    ImmutableDictionary<string, string> Texts, ImmutableArray<SettingsFileEntry> Unknown, ImmutableArray<string> Problems, bool IsRefused)
{
    public static SettingsOverlay Empty { get; } = new(ImmutableDictionary<string, string>.Empty, [], [], IsRefused: false);

    public static SettingsOverlay Refused(ImmutableArray<string> problems) => Empty with { Problems = problems, IsRefused = true };

    /// <summary>What is in force after the file changed to <paramref name="next"/>: of a bad file only the problems.</summary>
    public SettingsOverlay Then(SettingsOverlay next) => next.IsRefused ? this with { Problems = next.Problems, IsRefused = true } : next;
}
