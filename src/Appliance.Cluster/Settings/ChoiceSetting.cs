using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>One of a few words, compared without case.</summary>
public sealed record ChoiceSetting : Setting<string>
{
    /// <summary>The words, the most usual first, in lower case.</summary>
    public required ImmutableArray<string> Words { get; init; }

    /// <inheritdoc/>
    public override SettingKind Kind => SettingKind.Choice;

    /// <inheritdoc/>
    public override string DefaultText => Default;

    /// <inheritdoc/>
    public override ImmutableArray<string> Choices => Words;

    /// <inheritdoc/>
    public override string? FindProblem(string text) =>
        Words.Contains(text.ToLowerInvariant()) ? null : $"{Key} is one of {string.Join(", ", Words)}, for example {Key}={Default}.";

    /// <inheritdoc/>
    public override string Read(string text) => FindProblem(text) is { } problem ? throw new FormatException(problem) : text.ToLowerInvariant();
}
