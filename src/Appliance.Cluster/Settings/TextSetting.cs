namespace Appliance.Cluster.Settings;

/// <summary>Words on one line, at most 500 characters, or not set.</summary>
public sealed record TextSetting : Setting<string?>
{
    private const int Longest = 500;

    /// <summary>Whether a text is a good value; null takes every line. It never sees an empty one.</summary>
    public Func<string, bool>? IsGood { get; init; }

    /// <summary>What a good value is, to end the sentence "KEY is …".</summary>
    public string Grammar { get; init; } = "a line of at most 500 characters";

    /// <summary>A good value, for the sentence about a bad one.</summary>
    public required string Example { get; init; }

    /// <summary>Whether it is a secret: write-only, never shown.</summary>
    public bool Hides { get; init; }

    /// <inheritdoc/>
    public override SettingKind Kind => Hides ? SettingKind.Secret : SettingKind.Text;

    /// <inheritdoc/>
    public override string? DefaultText => Default;

    /// <inheritdoc/>
    public override string? FindProblem(string text) =>
        text.Length is > 0 and <= Longest && !text.Any(char.IsControl) && IsGood?.Invoke(text) != false ? null : $"{Key} is {Grammar}, for example {Key}={Example}.";

    /// <inheritdoc/>
    public override string Read(string text) => FindProblem(text) is { } problem ? throw new FormatException(problem) : text;
}
