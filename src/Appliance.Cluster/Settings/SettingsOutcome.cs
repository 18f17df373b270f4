using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>What became of a wish to change settings.</summary>
public abstract record SettingsOutcome
{
    private SettingsOutcome()
    {
    }

    /// <summary>All of it is stored and in force.</summary>
    /// <param name="Changed">The settings that have another value now; empty when all was so already.</param>
    /// <param name="Before">The changes that would undo it, as <see cref="SettingsBook.SetAsync"/> takes them. May hold secrets.</param>
    /// <param name="KeptCopy">The name under which a file that could not be read was kept, before a good one took its place; null when there was none.</param>
    public sealed record Done(ImmutableArray<Setting> Changed, ImmutableDictionary<string, string?> Before, string? KeptCopy) : SettingsOutcome;

    /// <summary>Nothing was changed: this is everything that is wrong with the wish.</summary>
    /// <param name="Problems">At least one.</param>
    public sealed record Refused(ImmutableArray<SettingProblem> Problems) : SettingsOutcome;

    /// <summary>Nothing was changed: the file could not be written.</summary>
    /// <param name="Why">A sentence for the owner.</param>
    public sealed record NotStored(string Why) : SettingsOutcome;
}
