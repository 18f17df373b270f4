using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>
/// One thing that the owner can set. Declared once, as a static value in the feature that reads it, and registered there with
/// <see cref="SettingsFeature.AddSetting"/>; page, API and environment follow from the declaration. Immutable.
/// </summary>
public abstract record Setting
{
    private protected Setting()
    {
    }

    /// <summary>The environment key, for example <c>HOLD_SECONDS</c>. Lower-case, it is the name in <c>app_settings.json</c> and in the API.</summary>
    public required string Key { get; init; }

    /// <summary>What it is, in a few words for the owner.</summary>
    public required string Title { get; init; }

    /// <summary>What it changes and what its values mean, in one or two sentences, unit included.</summary>
    public required string Help { get; init; }

    /// <summary>The heading under which the page lists it.</summary>
    public required string Section { get; init; }

    /// <summary>Whether a change takes effect only when the appliance starts again. No unless set.</summary>
    public bool NeedsRestart { get; init; }

    /// <summary>The name in <c>app_settings.json</c>, in the API and in events.</summary>
    public string Name => Key.ToLowerInvariant();

    /// <summary>What its value looks like.</summary>
    public abstract SettingKind Kind { get; }

    /// <summary>The default as it would be typed; null when the default is "not set".</summary>
    public abstract string? DefaultText { get; }

    /// <summary>The smallest and the largest number; null for other kinds.</summary>
    public virtual (int Least, int Most)? Range => null;

    /// <summary>The words to choose from; empty for other kinds.</summary>
    public virtual ImmutableArray<string> Choices => [];

    /// <summary>Whether the value may never leave the appliance.</summary>
    public bool IsSecret => Kind == SettingKind.Secret;

    /// <summary>Why a text cannot be the value, as a sentence that names the key and a good example; null when it can.</summary>
    public abstract string? FindProblem(string text);

    /// <summary>
    /// Likewise for what <c>app_settings.json</c>, the page and the API may say: there, an empty text means "not set, whatever the environment says", which
    /// a setting with a default cannot be.
    /// </summary>
    internal string? FindProblemOfChoice(string text) => text.Length == 0 && DefaultText is null ? null : FindProblem(text);
}
