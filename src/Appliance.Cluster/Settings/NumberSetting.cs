using System.Globalization;

namespace Appliance.Cluster.Settings;

/// <summary>A whole number within a range, typed in plain digits.</summary>
public sealed record NumberSetting : Setting<int>
{
    /// <summary>The smallest good value.</summary>
    public required int Least { get; init; }

    /// <summary>The largest good value.</summary>
    public required int Most { get; init; }

    /// <inheritdoc/>
    public override SettingKind Kind => SettingKind.Number;

    /// <inheritdoc/>
    public override string? DefaultText => Text(Default);

    /// <inheritdoc/>
    public override (int Least, int Most)? Range => (Least, Most);

    /// <inheritdoc/>
    public override string? FindProblem(string text) =>
        YamlFields.TryReadNumber(text, Least, Most, out _) ? null : $"{Key} is a number from {Text(Least)} to {Text(Most)}, for example {Key}={Text(Default)}.";

    /// <inheritdoc/>
    public override int Read(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
